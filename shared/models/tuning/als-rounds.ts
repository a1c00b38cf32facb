import type { TuningParameters } from '../../schemas/tuning.ts'
import type { SearchRound } from './search-space.ts'

/** Regularization as it is, and in proportion to a row's interactions: the same number means the same at the mean row. */
const exponents = [0, 0.5, 1]

/**
 * What is tried of the ALS model, one parameter a round: a round of more iterations ends where they bring nothing any
 * more. Each trial trains factors anew, so that a job has the time for them and a command does not.
 */
export const alsRounds: readonly SearchRound[] = [
  of(best => exponents.map(alsRegularizationExponent => ({ ...best, alsRegularizationExponent }))),
  of(best => around(best.alsRegularization).map(alsRegularization => ({ ...best, alsRegularization }))),
  of(best => around(best.alsAlpha).map(alsAlpha => ({ ...best, alsAlpha }))),
  of(best => [Math.ceil(best.alsFactors / 2), 2 * best.alsFactors].map(alsFactors => ({ ...best, alsFactors }))),
  of(best => [1.5, 1.5 ** 2].map(times => ({ ...best, alsIterations: Math.round(times * best.alsIterations) }))),
]

/** A round that is left out where lists are not made of factors. */
function of(round: (best: TuningParameters) => TuningParameters[]): SearchRound {
  return best => (best.itemLinearShare === 1 ? [] : round(best))
}

function around(value: number): number[] {
  return [value / 3, value * 3]
}
