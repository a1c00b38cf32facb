import { type FixedSide, gramianPartials, rotateBack, solveRows } from '../algorithms/als-half-step.ts'
import { gramianBlockRows } from '../algorithms/als-side.ts'
import type { Csr } from '../algorithms/csr.ts'
import type { Workspace } from '../algorithms/kernels/workspace.ts'
import { rowsOfHalf } from './half-step-plan.ts'
import type { Range } from './ranges.ts'
import { rowSlices } from './row-slices.ts'
import type { SolvedSlice } from './solved-keeper.ts'
import { rowParameters, type Solving } from './solving.ts'

/** A matrix whose rows are solved: where they begin, and some of them. */
export interface Ratings {
  indptr: Uint32Array
  rows: (range: Range) => Promise<Csr>
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
  const blockRows = gramianBlockRows(totalRows)
  for (const slice of rowSlices(ratings.indptr, { from: range.from, to: range.to, blockRows, factors })) {
    const mark = workspace.mark()
    const solved = await solveRows(workspace, fixed, await ratings.rows(slice), rowParameters(half, als, fit))
    const values = half === fit.halves - 1 ? await rotateBack(workspace, fixed, solved) : solved
    const partials = await gramianPartials(workspace, values, { factors, from: slice.from, totalRows })
    workspace.free(mark)
    yield { ...slice, values, partials }
  }
}
