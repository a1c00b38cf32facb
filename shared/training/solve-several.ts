import { type FixedSide, gramianPartials, prepareStrided, rotateBack } from '../algorithms/als-half-step.ts'
import { checkStrengths } from '../algorithms/als-parameters.ts'
import { layOutRatings, type RowsLaidOut, solveLaidOut } from '../algorithms/als-rows.ts'
import { gramianBlockRows } from '../algorithms/als-side.ts'
import type { Workspace } from '../algorithms/kernels/workspace.ts'
import { strideOf, takeRows } from '../algorithms/strided-rows.ts'
import type { Metrics } from '../schemas/run.ts'
import { readMatrix } from './dataset-blobs.ts'
import { fixedSource, layOutFixed } from './fixed-side.ts'
import { type HalfStepChunk, halfStepWork, rowsOfHalf } from './half-step-plan.ts'
import { keptHalves } from './half-step-sides.ts'
import { withWorkspace } from './kept-workspace.ts'
import { rowSlices } from './row-slices.ts'
import { solvedKeeper } from './solved-keeper.ts'
import { matrixOf, rowParameters, type Solving, threadsFor } from './solving.ts'

/** A side whose rows are solved every other half-step: its ratings and its vectors, shape (rows, stride). */
interface SolvedSide {
  ratings: RowsLaidOut
  vectors: Float32Array<SharedArrayBuffer>
}

/**
 * Solves all rows of several half-steps, one after the other, with both matrices and both sides in the workspace from
 * beginning to end; leaves what `solveChunk` leaves of the last one, and of the last of either side.
 */
export async function solveSeveral(chunk: HalfStepChunk, solving: Solving): Promise<Metrics> {
  const { fit, als, context } = solving
  const { half: first, halves } = chunk
  const all = Array.from({ length: halves }, (_, step) => first + step)
  const work = all.reduce((sum, half) => sum + halfStepWork(half, fit), 0)
  const kept = new Set(keptHalves(chunk, fit))
  return withWorkspace(threadsFor(work, solving), async workspace => {
    const fixedVectors = await layOutFixed(await fixedSource(first, solving), { half: first, workspace }, solving)
    const ratings = [
      await ratingsOf(first, workspace, solving),
      await ratingsOf(first + 1, workspace, solving),
    ] as const
    const solvedVectors = workspace.float32(ratings[0].rows * strideOf(fit.factors))
    let solved: SolvedSide = { ratings: ratings[0], vectors: solvedVectors }
    let fixed: SolvedSide = { ratings: ratings[1], vectors: fixedVectors }
    let rows = 0
    for (const half of all) {
      const started = context.ports.clock()
      const prepared = await prepareStrided(workspace, fixed.vectors, fit.factors)
      const of = { laidOut: solved.ratings, steps: als.conjugateGradientSteps, into: solved.vectors }
      await solveLaidOut(workspace, prepared, of)
      if (kept.has(half)) await keep({ half, workspace, fixed: prepared, solved }, solving)
      rows += solved.ratings.rows
      await context.progress((half + 1 - first) / halves)
      noteHalf(half, context.ports.clock() - started, solving)
      ;[solved, fixed] = [fixed, solved]
    }
    return { rows, mega_multiplications: work / 1e6 }
  })
}

async function ratingsOf(half: number, workspace: Workspace, { fit, als, context }: Solving): Promise<RowsLaidOut> {
  const csr = await readMatrix(context, matrixOf(half))
  checkStrengths(csr)
  return layOutRatings(workspace, csr, rowParameters(half, als, fit))
}

async function keep(
  { half, workspace, fixed, solved }: { half: number; workspace: Workspace; fixed: FixedSide; solved: SolvedSide },
  solving: Solving,
): Promise<void> {
  const { fit } = solving
  const { factors } = fit
  const stride = strideOf(factors)
  const totalRows = rowsOfHalf(half, fit)
  const range = { from: 0, to: totalRows }
  const keeper = solvedKeeper(half, range, solving)
  const blockRows = gramianBlockRows(totalRows)
  for (const { from, to } of rowSlices(solved.ratings.indptr, { ...range, blockRows, factors })) {
    const taken = takeRows(solved.vectors.subarray(from * stride, to * stride), factors)
    const values = half === fit.halves - 1 ? await rotateBack(workspace, fixed, taken) : taken
    const partials = await gramianPartials(workspace, values, { factors, from, totalRows })
    await keeper.keep({ from, to, values, partials })
  }
  await keeper.close()
}

function noteHalf(half: number, ms: number, { fit, context }: Solving): void {
  const rows = rowsOfHalf(half, fit)
  context.note({
    ...{ iteration: Math.floor(half / 2) + 1, solved: half % 2 === 0 ? 'users' : 'items', rows, duration_ms: ms },
    ...(ms > 0 ? { rows_per_second: Math.round((rows * 1000) / ms) } : {}),
  })
}
