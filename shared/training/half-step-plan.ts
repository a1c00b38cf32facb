import { strideOf } from '../algorithms/strided-rows.ts'
import { RunFailure } from '../runs/stage.ts'
import type { InstanceOptions } from './options.ts'
import type { Range } from './ranges.ts'

/** A chunk of the stage factors: rows of a half-step, or all rows of several half-steps one after the other. */
export interface HalfStepChunk extends Range {
  /** The first half-step, from 0: even ones solve users, odd ones items. */
  half: number
  halves: number
}

/** What is to be fitted, in numbers. */
export interface Fit {
  users: number
  items: number
  /** Of the user-item matrix. */
  entries: number
  factors: number
  conjugateGradientSteps: number
  /** Twice the iterations. */
  halves: number
}

const bytesPerMb = 1024 * 1024
/** A half-step that is solved in one go shows no sign of life: longer ones go slice by slice. */
const wholeSecondsMax = 10
/** The app itself, and what passes through while blobs are read and written. */
const baseBytes = 320 * bytesPerMb

export const rowsOfHalf = (half: number, { users, items }: Pick<Fit, 'users' | 'items'>): number =>
  half % 2 === 0 ? users : items

/** Multiplications of a half-step's kernels: the Gramian and rotation of the fixed side, and its rows' solutions. */
export function halfStepWork(half: number, fit: Fit): number {
  const { entries, factors, conjugateGradientSteps: steps } = fit
  const fixed = rowsOfHalf(half + 1, fit)
  return fixed * factors * factors + rowsOfHalf(half, fit) * factors * factors + entries * (2 * steps + 1) * factors
}

/**
 * The next round's chunks: as many half-steps as `chunkSeconds` allow in one chunk where all fits into memory, else one
 * half-step cut by work. Every round's end is a checkpoint.
 * @param speed multiplications per second on one instance
 * @param cut cuts the half-step's rows into so many ranges
 * @throws RunFailure when one side's factors alone are more than an instance can hold
 */
export async function planHalfSteps(
  half: number,
  of: {
    fit: Fit
    speed: number
    instance: Pick<InstanceOptions, 'memoryMb' | 'chunkSeconds'>
    cut: (half: number, chunks: number) => Promise<Range[]>
  },
): Promise<HalfStepChunk[]> {
  const { fit, speed, instance, cut } = of
  if (half >= fit.halves) return []
  checkMemory(fit, instance.memoryMb)
  const seconds = (at: number) => halfStepWork(at, fit) / speed
  const fits = baseBytes + wholeBytes(fit) <= instance.memoryMb * bytesPerMb
  if (fits && seconds(half) <= wholeSecondsMax) {
    let halves = 0
    let all = 0
    while (half + halves < fit.halves && all + seconds(half + halves) <= instance.chunkSeconds) {
      all += seconds(half + halves)
      halves += 1
    }
    if (halves > 0) return [{ half, halves, from: 0, to: rowsOfHalf(half + halves - 1, fit) }]
  }
  const ranges = await cut(half, Math.ceil(seconds(half) / instance.chunkSeconds))
  return ranges.map(range => ({ half, halves: 1, ...range }))
}

/** Bytes that all of a fit takes on one instance: both sides, the matrix by user and by item, and one of them as read. */
function wholeBytes({ users, items, entries, factors }: Fit): number {
  return 4 * strideOf(factors) * (users + items) + 3 * 8 * (entries + users + items)
}

/** Bytes of the larger side while it is the fixed one; kernels want rows of a certain length, which may need a copy. */
function fixedBytes({ users, items, factors }: Pick<Fit, 'users' | 'items' | 'factors'>): number {
  const stride = strideOf(factors)
  return 4 * (stride === factors ? stride : stride + factors) * Math.max(users, items)
}

function checkMemory(fit: Fit, memoryMb: number): void {
  const needed = Math.ceil((baseBytes + fixedBytes(fit)) / bytesPerMb)
  if (needed <= memoryMb) return
  throw new RunFailure(
    `The factors of ${Math.max(fit.users, fit.items)} rows do not fit into an instance: MEMORY_MB must be at least ${needed}: current value is ${memoryMb}`,
  )
}

/**
 * Rows cut into at most `chunks` ranges of about the same work, at multiples of `blockRows`; none is empty, unless there
 * are no rows.
 * @param indptr where each row's entries begin and the last one's end
 * @param workPerRow work of a row besides that of its entries, in entries
 */
export function cutByWork(
  indptr: Uint32Array,
  { chunks, blockRows, workPerRow }: { chunks: number; blockRows: number; workPerRow: number },
): Range[] {
  const rows = indptr.length - 1
  const workUpTo = (row: number) => indptr[row]! + row * workPerRow
  const ranges: Range[] = []
  let from = 0
  for (let to = Math.min(blockRows, rows); from < rows; to = Math.min(to + blockRows, rows)) {
    const share = (workUpTo(rows) * (ranges.length + 1)) / chunks
    const after = Math.min(to + blockRows, rows)
    // A range ends where its end is nearest to its share of the work.
    const isNearest = workUpTo(after) - share > share - workUpTo(to)
    if (to < rows && (ranges.length === chunks - 1 || !isNearest)) continue
    ranges.push({ from, to })
    from = to
  }
  return ranges
}
