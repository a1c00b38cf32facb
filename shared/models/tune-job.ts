import type { Job, Stage } from '../runs/stage.ts'
import { interactionsStage } from '../training/interactions-stage.ts'
import { matrixStage } from '../training/matrix-stage.ts'
import type { TrainingOptions } from '../training/options.ts'
import { withRunOptions } from '../training/run-options.ts'
import { keepBestStage } from './tuning/keep-best-stage.ts'
import { trialsStage } from './tuning/trials-stage.ts'

/** From the training table to the parameters that served best on a part held out (M24). */
export function tuneJob(options: TrainingOptions): Job {
  return { kind: 'tune', stages: withRunOptions(options, tuneStages) }
}

const tuneStages = (options: TrainingOptions): Stage[] => [
  interactionsStage,
  matrixStage(options),
  trialsStage(options),
  keepBestStage,
]
