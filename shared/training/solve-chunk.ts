import type { FixedSide } from '../algorithms/als-half-step.ts'
import type { Metrics } from '../schemas/run.ts'
import { readMatrixIndptr, readMatrixRows } from './dataset-blobs.ts'
import { fixedKey, fixedSource, readFixed } from './fixed-side.ts'
import { type HalfStepChunk, halfStepWork, rowsOfHalf } from './half-step-plan.ts'
import { keptWorkspace } from './kept-workspace.ts'
import { solveSeveral } from './solve-several.ts'
import { solveSlices } from './solve-slices.ts'
import { solvedKeeper } from './solved-keeper.ts'
import { matrixOf, type Solving, threadsFor } from './solving.ts'

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
  const ratings = {
    indptr: await readMatrixIndptr(context, matrixOf(half)),
    rows: (range: { from: number; to: number }) => readMatrixRows(context, matrixOf(half), range),
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
