import type { TuningParameters } from '../../schemas/tuning.ts'

/** What the search needs to know of a dataset. */
export interface DatasetFacts {
  users: number
  items: number
  interactions: number
  /** Whether interactions have times, so that there is a recent popularity. */
  isTimed: boolean
}

/** Around what: the best of all trials before, and the best of those whose lists are made of factors too. */
export type SearchRound = (
  best: TuningParameters,
  facts: DatasetFacts,
  withFactors: TuningParameters,
) => TuningParameters[]

/**
 * What is tried in turn, each round around the best of those before: which models, then how each is trained, then how
 * they are mixed.
 */
export const searchRounds: readonly SearchRound[] = [
  best => [
    { ...best, itemLinearShare: 1 },
    { ...best, itemLinearShare: 1, popularityShare: 0 },
    { ...best, itemLinearShare: 0.5, popularityShare: 0 },
  ],
  (best, facts) =>
    [10, 100].flatMap(alsAlpha =>
      [0.001, 0.004].map(pull => ({
        ...best,
        itemLinearShare: best.itemLinearShare === 0 ? 0 : 0.5,
        ...{ alsFactors: 64, alsAlpha, alsRegularizationExponent: 1 },
        alsRegularization: scaledRegularization(pull, alsAlpha, facts),
      })),
    ),
  // More factors may bring the mixture before a linear model that was ahead of few.
  (_, facts, withFactors) => factorsTried(facts).map(alsFactors => ({ ...withFactors, alsFactors })),
  (_, __, withFactors) => [{ ...withFactors, alsIterations: 16 }],
  (_, __, withFactors) => [0.15, 0.3, 0.7].map(itemLinearShare => ({ ...withFactors, itemLinearShare })),
  best => [0.2, 0.5].map(itemLinearToExponent => ({ ...best, itemLinearToExponent })),
  best => [0.2, 0.6].map(itemLinearFromExponent => ({ ...best, itemLinearFromExponent })),
  best => [0.2, 0.8].map(itemLinearUserExponent => ({ ...best, itemLinearUserExponent })),
  (best, { isTimed }) => (isTimed ? [0, 0.15, 0.3, 0.45] : [0]).map(popularityShare => ({ ...best, popularityShare })),
]

/**
 * Factors beyond the first: no more than an eighth of either side, and as many as leave both sides within half a gigabyte.
 */
function factorsTried({ users, items }: DatasetFacts): number[] {
  return [128, 256].filter(factors => 8 * factors <= Math.min(users, items) && 4 * factors * (users + items) <= 2 ** 29)
}

/**
 * The regularization of a mean row where every one of the weights that pull at a row holds it back by `pull`: of the
 * two sides the geometric mean, as lengths move from side to side until only the product counts.
 */
function scaledRegularization(pull: number, alpha: number, { users, items, interactions }: DatasetFacts): number {
  const ofUser = (alpha * interactions) / users + items
  const ofItem = (alpha * interactions) / items + users
  return pull * Math.sqrt(ofUser * ofItem)
}
