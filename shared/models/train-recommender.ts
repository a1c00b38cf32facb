import { als } from '../algorithms/als.ts'
import type { AlsParameters } from '../algorithms/als-parameters.ts'
import type { Csr } from '../algorithms/csr.ts'
import { Workspace } from '../algorithms/kernels/workspace.ts'
import { coPurchaseNeighbours, cosineNeighbours, prepareDirections } from '../algorithms/similarity.ts'
import { batchRecommender } from './batch-recommender.ts'
import { buyAgainRecommender } from './buy-again-recommender.ts'
import { contentRecommender } from './content-recommender.ts'
import { listable } from './hybrid/candidates.ts'
import { type HybridSource, hybridRecommender } from './hybrid/hybrid-recommender.ts'
import { itemLinearRecommender } from './item-linear-recommender.ts'
import { neighbourRecommender } from './neighbour-recommender.ts'
import { popularityBaseline, recentPopularityBaseline, trendingBaseline } from './popularity-baseline.ts'
import type { Algorithm, Recommender, RecommenderParameters, TrainingSet } from './recommender.ts'
import { rulesRecommender } from './rules-recommender.ts'
import { trainPersonal } from './train-personal.ts'
import { noParts, partOf, type TrainedParts } from './trained-parts.ts'
import { userNeighboursRecommender } from './user-neighbours-recommender.ts'

/**
 * Trains one algorithm; where nothing tells orders, a user's history is a basket.
 * @param parts what was trained on the same set before, which is not trained again
 * @throws RangeError when the set tells nothing of what the algorithm learns from
 */
export async function trainRecommender(
  algorithm: Algorithm,
  set: TrainingSet,
  parameters: RecommenderParameters,
  parts: TrainedParts = noParts(),
): Promise<Recommender> {
  const { train } = set
  const { neighbours: k, minCount, training, weights: _, threads = 1, ...alsParameters } = parameters
  const histories = set.histories ?? train
  const whole = { k, from: 0, to: train.columns }
  switch (algorithm) {
    case 'sidecart':
      return trainHybrid(set, parameters, parts)
    case 'personal':
      return trainPersonal(set, { training: { ...training, seed: parameters.seed }, threads, parts })
    case 'popularity':
      return popularityBaseline(train)
    case 'popularity-7-days':
      return recentPopularityBaseline(set, 7)
    case 'trending':
      return trendingBaseline(set, training.popularityHalfLifeMs)
    case 'als': {
      const model = await factorsOf(train, { ...alsParameters, threads }, parts)
      return { algorithm, parameters: alsParameters, ...batchRecommender(model, threads) }
    }
    case 'item-linear':
      return itemLinearRecommender(set, training.itemLinear, parts)
    case 'item-als': {
      const model = await factorsOf(train, { ...alsParameters, threads }, parts)
      const workspace = new Workspace({ threads })
      const neighbours = await cosineNeighbours(workspace, { items: prepareDirections(workspace, model), ...whole })
      await workspace.close()
      return neighbourRecommender(algorithm, { ...alsParameters, neighbours: k }, { histories, neighbours })
    }
    case 'copurchase': {
      const neighbours = coPurchaseNeighbours({ ...whole, baskets: set.baskets ?? train, minCount })
      return neighbourRecommender(algorithm, { neighbours: k, minCount }, { histories, neighbours })
    }
    case 'also-viewed': {
      if (!set.views) throw new RangeError('Cannot find what is also viewed as no interaction is a view')
      const neighbours = coPurchaseNeighbours({ ...whole, baskets: set.views, minCount })
      return neighbourRecommender(algorithm, { neighbours: k, minCount }, { histories, neighbours })
    }
    case 'user-neighbours':
      return userNeighboursRecommender(set)
    case 'rules':
      return rulesRecommender(set, training.rules)
    case 'content':
      return contentRecommender(set, { termsMax: training.contentTerms })
    case 'buy-again':
      return buyAgainRecommender(set)
  }
}

/** Factors by all that they depend on. */
function factorsOf(train: Csr, parameters: AlsParameters & { seed: number; threads: number }, parts: TrainedParts) {
  const { threads, ...model } = parameters
  return partOf(parts.factors, model, () => als(train, { ...model, threads }))
}

/** The sources that lists are blended from, each trained as the app trains it, and one list of them by weight. */
async function trainHybrid(
  set: TrainingSet,
  parameters: RecommenderParameters,
  parts: TrainedParts,
): Promise<Recommender> {
  const { training, weights } = parameters
  const asServed = { ...parameters, ...training.als }
  const sources: HybridSource[] = []
  for (const [name, weight] of weights) {
    sources.push({ name, weight, recommender: await trainRecommender(name, set, asServed, parts) })
  }
  const personal = sources.find(({ name }) => name === 'personal')
  const hybrid = hybridRecommender({
    ...{ sources, ...listable(set), items: set.train.columns, backfill: popularityBaseline(set.train) },
  })
  return { ...hybrid, parameters: { ...personal?.recommender.parameters, ...hybrid.parameters } }
}
