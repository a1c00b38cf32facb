import { encodeFactorRows, encodeGramian } from '../algorithms/factor-rows.ts'
import type { FactorsPart } from '../schemas/model.ts'
import { writeContent } from './content-blobs.ts'
import { factorsFolder, writeSolved } from './half-step-sides.ts'
import type { Range } from './ranges.ts'
import type { Solving } from './solving.ts'

/** Rows that a half-step solved, shape (to - from, factors), and the partials of their Gramian. */
export interface SolvedSlice extends Range {
  values: Float32Array
  partials: Float64Array
}

/** Keeps what is solved of a half-step: each slice as a blob, and at the end a record that names them. */
export function solvedKeeper(half: number, { from, to }: Range, { fit, context }: Solving) {
  const { blobs } = context.ports
  const parts: FactorsPart[] = []
  const partials: Float64Array[] = []
  return {
    keep: async (slice: SolvedSlice): Promise<void> => {
      const bytes = encodeFactorRows(slice.values, fit.factors)
      const content = await writeContent(bytes, { folder: factorsFolder(context, half, fit), blobs })
      parts.push({ ...content, from: slice.from, to: slice.to })
      partials.push(slice.partials)
    },
    close: async (): Promise<void> => {
      const bytes = encodeGramian(joined(partials))
      const content = await writeContent(bytes, { folder: `runs/${context.runId}/factors/blobs`, blobs })
      await writeSolved(context, half, { from, to, parts, partials: content })
    },
  }
}

function joined(all: readonly Float64Array[]): Float64Array {
  const values = new Float64Array(all.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const each of all) {
    values.set(each, at)
    at += each.length
  }
  return values
}
