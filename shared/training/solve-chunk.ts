import type { FixedSide } from '../algorithms/als-half-step.ts'
import { Workspace } from '../algorithms/kernels/workspace.ts'
import type { Metrics } from '../schemas/run.ts'
import { type MatrixName, readMatrix, readMatrixIndptr, readMatrixRows } from './dataset-blobs.ts'
import { fixedKey, fixedSource, prepareValues, readFixed } from './fixed-side.ts'
import { type HalfStepChunk, halfStepWork, rowsOfHalf } from './half-step-plan.ts'
import { keptHalves } from './half-step-sides.ts'
import { keptWorkspace } from './kept-workspace.ts'
import type { Range } from './ranges.ts'
import { rowsOf } from './row-slices.ts'
import { type Ratings, solvedKeeper, solveSlices } from './solve-slices.ts'
import type { Solving } from './solving.ts'

const matrixOf = (half: number): MatrixName => (half % 2 === 0 ? 'user-items' : 'item-users')
/** Work below this many multiplications takes less time than threads take to start. */
const threadedWorkMin = 20e6

const withFixed = keptWorkspace<FixedSide>()

/**
 * Solves rows of a half-step against the side that the half-step before left, or all rows of several half-steps, and
 * leaves the factors as blobs with their Gramian's partials beside. What it makes does not depend on how rows are cut.
 */
export async function solveChunk(chunk: HalfStepChunk, solving: Solving): Promise<Metrics> {
  return chunk.halves === 1 ? solveOne(chunk, solving) : solveSeveral(chunk, solving)
}

/** Reads of the matrix what it solves, slice by slice; chunks that follow each other prepare the fixed side once. */
async function solveOne(chunk: HalfStepChunk, solving: Solving): Promise<Metrics> {
  const { fit, context } = solving
  const { half, from, to } = chunk
  const source = await fixedSource(half, solving)
  const ratings: Ratings = {
    indptr: await readMatrixIndptr(context, matrixOf(half)),
    rows: range => readMatrixRows(context, matrixOf(half), range),
  }
  const kept = solvedKeeper(half, chunk, solving)
  await withFixed({
    key: fixedKey(source, solving),
    threads: threadsFor(halfStepWork(half, fit), solving),
    prepare: workspace => readFixed(source, { half, workspace }, solving),
    compute: async (workspace, fixed) => {
      for await (const slice of solveSlices({ half, range: chunk, workspace, fixed, ratings }, solving)) {
        await kept.keep(slice)
        await context.progress((slice.to - from) / (to - from))
      }
    },
  })
  await kept.close()
  const work = (halfStepWork(half, fit) * (to - from)) / Math.max(1, rowsOfHalf(half, fit))
  return { rows: to - from, mega_multiplications: work / 1e6 }
}

/** Keeps both matrices and the factors in memory from one half-step to the next. */
async function solveSeveral(chunk: HalfStepChunk, solving: Solving): Promise<Metrics> {
  const { fit, context } = solving
  const { half: first, halves } = chunk
  const kept = new Set(keptHalves(chunk, fit))
  const matrices = [await wholeMatrix(first, solving), await wholeMatrix(first + 1, solving)] as const
  const all = Array.from({ length: halves }, (_, step) => first + step)
  const work = all.reduce((sum, half) => sum + halfStepWork(half, fit), 0)
  const workspace = new Workspace({ threads: threadsFor(work, solving) })
  try {
    let values: Float32Array | undefined
    let rows = 0
    for (const half of all) {
      const started = context.ports.clock()
      const mark = workspace.mark()
      const fixed = values
        ? await prepareValues(workspace, values, fit.factors)
        : await readFixed(await fixedSource(half, solving), { half, workspace }, solving)
      const ratings = matrices[(half - first) % 2 === 0 ? 0 : 1]
      values = await solveWhole({ half, workspace, fixed, ratings, isKept: kept.has(half) }, solving)
      workspace.free(mark)
      rows += rowsOfHalf(half, fit)
      await context.progress((half + 1 - first) / halves)
      noteHalf(half, context.ports.clock() - started, solving)
    }
    return { rows, mega_multiplications: work / 1e6 }
  } finally {
    await workspace.close()
  }
}

async function solveWhole(
  of: { half: number; workspace: Workspace; fixed: FixedSide; ratings: Ratings; isKept: boolean },
  solving: Solving,
): Promise<Float32Array> {
  const { factors } = solving.fit
  const range: Range = { from: 0, to: rowsOfHalf(of.half, solving.fit) }
  const values = new Float32Array(range.to * factors)
  const kept = of.isKept ? solvedKeeper(of.half, range, solving) : undefined
  for await (const slice of solveSlices({ ...of, range }, solving)) {
    await kept?.keep(slice)
    values.set(slice.values, slice.from * factors)
  }
  await kept?.close()
  return values
}

async function wholeMatrix(half: number, { context }: Solving): Promise<Ratings> {
  const csr = await readMatrix(context, matrixOf(half))
  return { indptr: csr.indptr, rows: async range => rowsOf(csr, range) }
}

function threadsFor(work: number, { threads }: Solving): number {
  return work < threadedWorkMin ? 1 : threads
}

function noteHalf(half: number, ms: number, { fit, context }: Solving): void {
  const rows = rowsOfHalf(half, fit)
  context.note({
    ...{ iteration: Math.floor(half / 2) + 1, solved: half % 2 === 0 ? 'users' : 'items', rows, duration_ms: ms },
    ...(ms > 0 ? { rows_per_second: Math.round((rows * 1000) / ms) } : {}),
  })
}
