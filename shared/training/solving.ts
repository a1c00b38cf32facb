import type { AlsParameters, RowParameters } from '../algorithms/als-parameters.ts'
import type { StageContext } from '../runs/stage.ts'
import type { MatrixName } from './dataset-blobs.ts'
import { type Fit, rowsOfHalf } from './half-step-plan.ts'

/** What every step of solving a chunk is given. */
export interface Solving {
  fit: Fit
  als: AlsParameters
  seed: number
  threads: number
  context: StageContext
}

/** Work below this many multiplications takes less time than threads take to start. */
const threadedWorkMin = 20e6

export const threadsFor = (work: number, { threads }: Solving): number => (work < threadedWorkMin ? 1 : threads)

/** The matrix whose rows a half-step solves. */
export const matrixOf = (half: number): MatrixName => (half % 2 === 0 ? 'user-items' : 'item-users')

export function rowParameters(half: number, als: AlsParameters, fit: Fit): RowParameters {
  const rows = rowsOfHalf(half, fit)
  return { ...als, meanEntries: rows === 0 ? 0 : fit.entries / rows }
}
