import type { TuningParameters } from '../../schemas/tuning.ts'
import type { SearchRound } from './search-space.ts'

/**
 * How the ALS model is tried further, one parameter a round, where lists have a part of it: each trial trains factors
 * anew, so that a job has the time for them and a command does not.
 */
export const alsRounds: readonly SearchRound[] = [
  ofAls(best => [0, 0.5, 1].map(alsRegularizationExponent => ({ ...best, alsRegularizationExponent }))),
  ofAls(best => around(best.alsRegularization).map(alsRegularization => ({ ...best, alsRegularization }))),
  ofAls(best => around(best.alsAlpha).map(alsAlpha => ({ ...best, alsAlpha }))),
]

function ofAls(round: (best: TuningParameters) => TuningParameters[]): SearchRound {
  return best => (best.itemLinearShare === 1 ? [] : round(best))
}

function around(value: number): number[] {
  return [value / 3, value * 3]
}
