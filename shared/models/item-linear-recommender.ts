import { transpose } from '../algorithms/csr.ts'
import { itemLinearWeights } from '../algorithms/item-linear.ts'
import { addLinearScores } from '../training/linear-scores.ts'
import type { TrainingOptions } from '../training/options.ts'
import type { Recommender, TrainingSet } from './recommender.ts'
import { partOf, type TrainedParts } from './trained-parts.ts'

/** The item-item linear model alone. */
export async function itemLinearRecommender(
  { train, histories = train }: TrainingSet,
  { share: _, ...linear }: TrainingOptions['itemLinear'],
  parts: TrainedParts,
): Promise<Recommender> {
  const weights = await linearWeights(train, linear, parts)
  return {
    ...{ algorithm: 'item-linear', parameters: { ...linear } },
    scoreItems: (user, scores) => addLinearScores({ weights, userItems: histories }, user, scores.fill(0)),
  }
}

/** Row i holds what having item i adds to each other item. */
export function linearWeights(
  train: TrainingSet['train'],
  linear: Omit<TrainingOptions['itemLinear'], 'share'>,
  parts: TrainedParts,
) {
  return partOf(parts.weights, linear, () =>
    transpose(
      itemLinearWeights({ ...linear, userItems: train, itemUsers: transpose(train), from: 0, to: train.columns }),
    ),
  )
}
