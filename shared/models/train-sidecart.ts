import { als } from '../algorithms/als.ts'
import { transpose } from '../algorithms/csr.ts'
import { itemLinearWeights } from '../algorithms/item-linear.ts'
import type { TrainingOptions } from '../training/options.ts'
import { personalScores } from '../training/personal-scores.ts'
import { recentPopularity } from '../training/recent-popularity.ts'
import type { Recommender, TrainingSet } from './recommender.ts'

/**
 * What the shop serves once a refresh is published: the refresh's models and the refresh's own scores; whom it knows
 * nothing of gets what is trending.
 */
export async function trainSidecart(
  { train, sales, until = 0 }: TrainingSet,
  { training, threads }: { training: TrainingOptions; threads?: number },
): Promise<Recommender> {
  const { als: alsParameters, itemLinear, popularityHalfLifeMs, popularityShare, seed, strength } = training
  const { share: itemLinearShare, ...linear } = itemLinear
  const { columns: items } = train
  const factors =
    itemLinearShare === 1
      ? undefined
      : await als(train, { ...alsParameters, seed, ...(threads === undefined ? {} : { threads }) })
  const itemUsers = transpose(train)
  const weights =
    itemLinearShare === 0
      ? undefined
      : transpose(itemLinearWeights({ ...linear, userItems: train, itemUsers, from: 0, to: items }))
  const popularity = recentPopularity(sales, { items, until, halfLifeMs: popularityHalfLifeMs })
  const score = personalScores({
    ...{ factors, popularity, popularityShare },
    itemLinear: weights && { weights, userItems: train, share: itemLinearShare },
  })
  return {
    algorithm: 'sidecart',
    parameters: { ...alsParameters, seed, itemLinear, ...strength, popularityHalfLifeMs, popularityShare },
    scoreItems: (user, scores) => {
      if (!score(user, scores)) scores.set(popularity)
      return true
    },
  }
}
