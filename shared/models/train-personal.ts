import { als } from '../algorithms/als.ts'
import type { TrainingOptions } from '../training/options.ts'
import { personalScores } from '../training/personal-scores.ts'
import { recentPopularity } from '../training/recent-popularity.ts'
import { batchRecommender } from './batch-recommender.ts'
import { linearWeights } from './item-linear-recommender.ts'
import type { Recommender, TrainingSet } from './recommender.ts'
import { noParts, partOf, type TrainedParts } from './trained-parts.ts'

/**
 * The published lists: the refresh's models and the refresh's own scores; whom it knows nothing of gets what is trending.
 */
export async function trainPersonal(
  { train, sales, until = 0 }: TrainingSet,
  options: { training: TrainingOptions; threads?: number; parts?: TrainedParts },
): Promise<Recommender> {
  const { training, parts = noParts(), ...machine } = options
  const { als: alsParameters, itemLinear, popularityHalfLifeMs, popularityShare, seed, strength } = training
  const { share: itemLinearShare, ...linear } = itemLinear
  const { columns: items } = train
  const factors =
    itemLinearShare === 1
      ? undefined
      : await partOf(parts.factors, { ...alsParameters, seed }, () =>
          als(train, { ...alsParameters, ...machine, seed }),
        )
  const weights = itemLinearShare === 0 ? undefined : await linearWeights(train, linear, parts)
  const popularity = recentPopularity(sales, { items, until, halfLifeMs: popularityHalfLifeMs })
  const { scoreItems: scoreFactors, ...batch } = factors ? batchRecommender(factors, machine.threads ?? 1) : {}
  const score = personalScores({
    ...{ popularity, popularityShare, scoreFactors },
    itemLinear: weights && { weights, userItems: train, share: itemLinearShare },
  })
  return {
    algorithm: 'personal',
    parameters: { ...alsParameters, seed, itemLinear, ...strength, popularityHalfLifeMs, popularityShare },
    scoreItems: (user, scores) => {
      if (!score(user, scores)) scores.set(popularity)
      return true
    },
    ...batch,
  }
}
