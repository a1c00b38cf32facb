import { solveRows } from '../algorithms/als-half-step.ts'
import type { AlsParameters } from '../algorithms/als-parameters.ts'
import { Workspace } from '../algorithms/kernels/workspace.ts'
import { startingFactors } from '../algorithms/starting-factors.ts'
import type { Clock } from '../ports.ts'
import type { Metrics } from '../schemas/run.ts'
import { prepareValues } from './fixed-side.ts'

/** Multiplications per second that any instance reaches, one thread; to begin with, and when nothing can be measured. */
const leastSpeed = 1e9
/** Real rows lie further apart in memory than those of a short trial. */
const trialShare = 0.6
const trialRows = 16_384
const entriesPerRow = 32

export const assumedSpeed = (threads: number): number => leastSpeed * threads

/** Multiplications per second of chunks that reported them; undefined when they took no time that could be measured. */
export function measuredSpeed(chunks: readonly Metrics[]): number | undefined {
  let work = 0
  let ms = 0
  for (const { mega_multiplications: millions = 0, duration_ms: duration = 0 } of chunks) {
    work += millions * 1e6
    ms += duration
  }
  return ms > 0 && work > 0 ? (work * 1000) / ms : undefined
}

/** Multiplications per second by a trial of the kernels, some tenths of a second; undefined when no time passed. */
export async function trialSpeed(als: AlsParameters, threads: number, clock: Clock): Promise<number | undefined> {
  const { factors, conjugateGradientSteps: steps } = als
  const columns = trialRows
  const entries = trialRows * entriesPerRow
  const ratings = {
    ...{ rows: trialRows, columns },
    indptr: Uint32Array.from({ length: trialRows + 1 }, (_, row) => row * entriesPerRow),
    indices: Uint32Array.from({ length: entries }, (_, entry) => {
      const [row, place] = [Math.floor(entry / entriesPerRow), entry % entriesPerRow]
      return place * (columns / entriesPerRow) + ((row * 7_919) % (columns / entriesPerRow))
    }),
    values: new Float32Array(entries).fill(1),
  }
  const workspace = new Workspace({ threads })
  try {
    const values = startingFactors({ factors, seed: 1, from: 0, to: columns })
    const fixed = await prepareValues(workspace, values, factors)
    const started = clock()
    await solveRows(workspace, fixed, ratings, { ...als, meanEntries: entriesPerRow })
    const ms = clock() - started
    return ms > 0 ? (trialShare * entries * (2 * steps + 1) * factors * 1000) / ms : undefined
  } finally {
    await workspace.close()
  }
}
