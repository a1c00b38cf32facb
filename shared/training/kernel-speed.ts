import { prepareStrided, solveRows } from '../algorithms/als-half-step.ts'
import type { AlsParameters } from '../algorithms/als-parameters.ts'
import type { Csr } from '../algorithms/csr.ts'
import { startingFactors } from '../algorithms/starting-factors.ts'
import { layOutRows } from '../algorithms/strided-rows.ts'
import type { Clock } from '../ports.ts'
import type { Metrics } from '../schemas/run.ts'
import { withWorkspace } from './kept-workspace.ts'

/** Multiplications per second that any instance reaches, one thread; to begin with, and when nothing can be measured. */
const leastSpeed = 1e9
/** Real rows lie further apart in memory than those of a short trial. */
const trialShare = 0.6
/** A trial is repeated with more rows until it has taken so long, or has shown that no time passes. */
const trialMsMin = 20
const trialRows = [512, 2_048, 8_192, 32_768]
const trialColumns = 2_048
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

/** Multiplications per second by a trial of the kernels, at most some tenths of a second; undefined when no time passed. */
export async function trialSpeed(als: AlsParameters, threads: number, clock: Clock): Promise<number | undefined> {
  const { factors, conjugateGradientSteps: steps } = als
  return withWorkspace(threads, async workspace => {
    const values = startingFactors({ factors, seed: 1, from: 0, to: trialColumns })
    const fixed = await prepareStrided(workspace, layOutRows(workspace, values, factors), factors)
    let speed: number | undefined
    for (const [trial, rows] of trialRows.entries()) {
      const started = clock()
      await solveRows(workspace, fixed, trialRatings(rows), { ...als, meanEntries: entriesPerRow })
      const ms = clock() - started
      if (ms > 0) speed = (trialShare * rows * entriesPerRow * (2 * steps + 1) * factors * 1000) / ms
      if (ms >= trialMsMin || (ms === 0 && trial > 0)) break
    }
    return speed
  })
}

/** Rows whose entries are spread over all columns, each row's elsewhere. */
function trialRatings(rows: number): Csr {
  const stride = trialColumns / entriesPerRow
  return {
    ...{ rows, columns: trialColumns },
    indptr: Uint32Array.from({ length: rows + 1 }, (_, row) => row * entriesPerRow),
    indices: Uint32Array.from({ length: rows * entriesPerRow }, (_, entry) => {
      const row = Math.floor(entry / entriesPerRow)
      return (entry % entriesPerRow) * stride + ((row * 7_919) % stride)
    }),
    values: new Float32Array(rows * entriesPerRow).fill(1),
  }
}
