import {
  type FixedSide,
  gramianBlockRows,
  gramianPartials,
  rotateBack,
  solveRows,
} from '../algorithms/als-half-step.ts'
import type { Csr } from '../algorithms/csr.ts'
import { encodeFactorRows, encodeGramian } from '../algorithms/factor-rows.ts'
import type { Workspace } from '../algorithms/kernels/workspace.ts'
import type { FactorsPart } from '../schemas/model.ts'
import { writeContent } from './content-blobs.ts'
import { rowsOfHalf } from './half-step-plan.ts'
import { factorsFolder, writeSolved } from './half-step-sides.ts'
import type { Range } from './ranges.ts'
import { rowSlices } from './row-slices.ts'
import type { Solving } from './solving.ts'

/** A matrix whose rows are solved: where they begin, and some of them. */
export interface Ratings {
  indptr: Uint32Array
  rows: (range: Range) => Promise<Csr>
}

interface SolvedSlice extends Range {
  values: Float32Array
  partials: Float64Array
}

/** Solves rows of a half-step slice by slice; the last half-step's are turned back into the coordinates of the other side. */
export async function* solveSlices(
  {
    half,
    range,
    workspace,
    fixed,
    ratings,
  }: {
    half: number
    range: Range
    workspace: Workspace
    fixed: FixedSide
    ratings: Ratings
  },
  { fit, als }: Solving,
): AsyncGenerator<SolvedSlice> {
  const { factors } = fit
  const totalRows = rowsOfHalf(half, fit)
  const parameters = { ...als, meanEntries: totalRows === 0 ? 0 : fit.entries / totalRows }
  const blockRows = gramianBlockRows(totalRows)
  for (const slice of rowSlices(ratings.indptr, { from: range.from, to: range.to, blockRows, factors })) {
    const mark = workspace.mark()
    const solved = await solveRows(workspace, fixed, await ratings.rows(slice), parameters)
    const values = half === fit.halves - 1 ? await rotateBack(workspace, fixed, solved) : solved
    const partials = await gramianPartials(workspace, values, { factors, from: slice.from, totalRows })
    workspace.free(mark)
    yield { ...slice, values, partials }
  }
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
