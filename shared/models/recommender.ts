import type { AlsParameters } from '../algorithms/als.ts'

export const algorithms = ['als', 'popularity', 'item-als', 'copurchase'] as const
export type Algorithm = (typeof algorithms)[number]

export interface RecommenderParameters extends AlsParameters {
  seed: number
  /** Neighbours kept per item, for item-als and copurchase. */
  neighbours: number
  /** Users that must share a pair of items, for copurchase. */
  minCount: number
}

/** A trained algorithm under test. */
export interface Recommender {
  algorithm: Algorithm
  /** Those of the parameters that it was trained with. */
  parameters: Partial<RecommenderParameters>
  /** Writes a score for every item, shape (items); false when the algorithm knows nothing of the user. */
  scoreItems: (user: number, scores: Float32Array) => boolean
}
