import { als } from '../algorithms/als.ts'
import type { Csr } from '../algorithms/csr.ts'
import { Workspace } from '../algorithms/kernels/workspace.ts'
import { coPurchaseNeighbours, cosineNeighbours, type Neighbours, prepareDirections } from '../algorithms/similarity.ts'
import { batchRecommender } from './batch-recommender.ts'
import { popularityBaseline, recentPopularityBaseline } from './popularity-baseline.ts'
import type { Algorithm, Recommender, RecommenderParameters, TrainingSet } from './recommender.ts'
import { trainSidecart } from './train-sidecart.ts'

/** Trains one algorithm; a user's history is copurchase's basket. */
export async function trainRecommender(
  algorithm: Algorithm,
  set: TrainingSet,
  parameters: RecommenderParameters,
): Promise<Recommender> {
  const { train } = set
  const { neighbours: k, minCount, training, threads = 1, ...alsParameters } = parameters
  const whole = { k, from: 0, to: train.columns }
  switch (algorithm) {
    case 'sidecart':
      return trainSidecart(set, { training: { ...training, seed: parameters.seed }, threads })
    case 'popularity':
      return popularityBaseline(train)
    case 'popularity-7-days':
      return recentPopularityBaseline(set, 7)
    case 'als': {
      const model = await als(train, { ...alsParameters, threads })
      return { algorithm, parameters: alsParameters, ...batchRecommender(model, threads) }
    }
    case 'item-als': {
      const model = await als(train, { ...alsParameters, threads })
      const workspace = new Workspace({ threads })
      const neighbours = await cosineNeighbours(workspace, { items: prepareDirections(workspace, model), ...whole })
      await workspace.close()
      return {
        algorithm,
        parameters: { ...alsParameters, neighbours: k },
        scoreItems: neighbourScores(train, neighbours),
      }
    }
    case 'copurchase': {
      const neighbours = coPurchaseNeighbours({ ...whole, baskets: train, minCount })
      return { algorithm, parameters: { neighbours: k, minCount }, scoreItems: neighbourScores(train, neighbours) }
    }
  }
}

/** An item's score is the sum of its similarities to the user's items, each by the user's strength for it. */
function neighbourScores(train: Csr, neighbours: Neighbours): Recommender['scoreItems'] {
  const { k, counts, items, scores: similarities } = neighbours
  return (user, scores) => {
    scores.fill(0)
    let isKnown = false
    for (let entry = train.indptr[user]!; entry < train.indptr[user + 1]!; entry++) {
      const row = train.indices[entry]!
      const strength = train.values[entry]!
      for (let place = row * k; place < row * k + counts[row]!; place++) {
        scores[items[place]!]! += strength * similarities[place]!
        isKnown = true
      }
    }
    return isKnown
  }
}
