import type { TuningParameters } from '../../schemas/tuning.ts'
import type { TrainingOptions } from '../../training/options.ts'
import { tunedOptions, tuningParameters } from './tuned-options.ts'

/** The options with tuned parameters, but for those that are fixed: what somebody set by hand stays. */
export function layInTuned(options: TrainingOptions, tuned: TuningParameters): TrainingOptions {
  const set = tuningParameters(options)
  const kept = Object.fromEntries(options.fixed.map(name => [name, set[name]]))
  return tunedOptions(options, { ...tuned, ...kept })
}
