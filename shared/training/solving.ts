import type { AlsParameters } from '../algorithms/als-parameters.ts'
import type { StageContext } from '../runs/stage.ts'
import type { Fit } from './half-step-plan.ts'

/** What every step of solving a chunk is given. */
export interface Solving {
  fit: Fit
  als: AlsParameters
  seed: number
  threads: number
  context: StageContext
}
