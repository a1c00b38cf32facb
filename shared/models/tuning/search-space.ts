import type { TuningParameters } from '../../schemas/tuning.ts'

/** What the search needs to know of a dataset. */
export interface DatasetFacts {
  users: number
  items: number
  interactions: number
  /** Whether interactions have times, so that there is a recent popularity. */
  isTimed: boolean
}

export type SearchRound = (best: TuningParameters, facts: DatasetFacts) => TuningParameters[]

/** What is tried in turn, each round around the best of those before. */
export const searchRounds: readonly SearchRound[] = [
  best => [0.5, 1].map(itemLinearShare => ({ ...best, itemLinearShare })),
  best => [0.2, 0.5].map(itemLinearToExponent => ({ ...best, itemLinearToExponent })),
  best => [0.2, 0.6].map(itemLinearFromExponent => ({ ...best, itemLinearFromExponent })),
  best => [0, 0.3, 0.7].map(itemLinearUserExponent => ({ ...best, itemLinearUserExponent })),
  (best, { isTimed }) => (isTimed ? [0, 0.15, 0.3] : [0]).map(popularityShare => ({ ...best, popularityShare })),
]
