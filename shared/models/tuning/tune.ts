import type { TuningParameters, TuningTrial } from '../../schemas/tuning.ts'
import type { TrainingOptions } from '../../training/options.ts'
import type { TrainingSet } from '../recommender.ts'
import { noParts } from '../trained-parts.ts'
import { judgeTrial } from './judge-trial.ts'
import { bestTrial, nextTrials } from './next-trials.ts'
import { tuningParameters } from './tuned-options.ts'
import { type TuningSplit, validationSplit } from './validation-split.ts'

/**
 * Runs a whole search in this process, on a validation split of the training set, that of the app's job unless another is given.
 * @param options training are the options in force, fixed the parameters that are not to be changed; onTrial is told
 * each trial as it is done
 * @throws RangeError when the set is too small to be split
 */
export async function tune(
  set: TrainingSet,
  options: {
    training: TrainingOptions
    fixed: readonly (keyof TuningParameters)[]
    threads?: number
    nowMs: () => number
    split?: TuningSplit
    onTrial?: (trial: TuningTrial) => void
  },
): Promise<{ best: TuningTrial; trials: TuningTrial[] }> {
  const { fixed, split = validationSplit(set, { seed: options.training.seed }), onTrial, ...judging } = options
  const { training } = judging
  const { rows: users, columns: items, indices } = set.train
  const facts = { users, items, interactions: indices.length, isTimed: set.until !== undefined }
  const search = { facts, start: tuningParameters(training), fixed }
  const parts = noParts()
  const trials: TuningTrial[] = []
  for (;;) {
    const next = nextTrials({ ...search, done: trials })
    if (next.length === 0) return { best: bestTrial(trials), trials }
    for (const parameters of next) {
      const trial = await judgeTrial(split, parameters, { ...judging, parts })
      trials.push(trial)
      onTrial?.(trial)
    }
  }
}
