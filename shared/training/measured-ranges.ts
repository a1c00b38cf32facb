import type { RoundBefore, StageContext } from '../runs/stage.ts'
import { type Range, ranges } from './ranges.ts'

/**
 * Plans rows in two rounds: `first` rows at once, and the rest by what those took, so that a chunk takes about
 * `chunkSeconds`. Few rows are one chunk, without a second round.
 * @param of chunks begin at multiples of `step`; rows is asked for at planning
 */
export function measuredRanges(of: {
  first: number
  step: number
  chunkSeconds: number
  rows: (context: StageContext) => Promise<number>
}) {
  const { step, chunkSeconds } = of
  const first = Math.ceil(of.first / step) * step
  return {
    plan: async (context: StageContext): Promise<Range[]> => {
      const rows = await of.rows(context)
      await context.progress(rows === 0 ? 1 : Math.min(1, first / rows))
      return ranges(Math.min(rows, first), first)
    },
    planNext: async (context: StageContext, before: RoundBefore<Range>): Promise<Range[]> => {
      const rows = await of.rows(context)
      const ms = before.metrics.reduce((sum, { duration_ms: duration = 0 }) => sum + duration, 0)
      const rowsPerSecond = (first * 1000) / Math.max(1, ms)
      const size = Math.max(step, Math.floor((rowsPerSecond * chunkSeconds) / step) * step)
      await context.progress(1)
      const chunks = ranges(rows - first, size).map(({ from, to }) => ({ from: first + from, to: first + to }))
      context.note({ rows_per_second: Math.round(rowsPerSecond), chunks: chunks.length, rows_per_chunk: size })
      return chunks
    },
  }
}
