import type { Range } from './ranges.ts'

/** A slice's factors are one blob: this many bytes at most. */
const bytesMax = 8 * 1024 * 1024
/** Entries read and solved at once: 64 MB of memory, some seconds. */
const entriesMax = 8_000_000

/**
 * Rows cut into slices that are solved and kept one after the other, at multiples of `blockRows`: a chunk of any length
 * takes the memory of a slice.
 * @param indptr where each row's entries begin and the last one's end, of all rows
 */
export function rowSlices(
  indptr: Uint32Array,
  { from, to, blockRows, factors }: Range & { blockRows: number; factors: number },
): Range[] {
  const rowsMax = Math.max(blockRows, Math.floor(bytesMax / (4 * factors)))
  const slices: Range[] = []
  let start = from
  for (let end = Math.min(from + blockRows, to); start < to; end = Math.min(end + blockRows, to)) {
    const after = Math.min(end + blockRows, to)
    const fits = after - start <= rowsMax && indptr[after]! - indptr[start]! <= entriesMax
    if (end < to && fits) continue
    slices.push({ from: start, to: end })
    start = end
  }
  return slices
}
