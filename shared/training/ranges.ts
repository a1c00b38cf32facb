import { z } from 'zod'

/** Rows from (included) to (excluded) of some table: a chunk of work. */
export const Range = z.object({ from: z.int().nonnegative(), to: z.int().nonnegative() })
export type Range = z.infer<typeof Range>

/** Cuts rows 0 to `count` into ranges of at most `size`. */
export function ranges(count: number, size: number): Range[] {
  return Array.from({ length: Math.ceil(count / size) }, (_, index) => ({
    from: index * size,
    to: Math.min(count, (index + 1) * size),
  }))
}
