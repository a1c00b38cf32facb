import type { Workspace } from './kernels/workspace.ts'
import { strideOf } from './strided-rows.ts'

/** Rows of a block of the Gramian, a function of the whole side's rows alone: about 128 blocks, none under 256 rows. */
export function gramianBlockRows(totalRows: number): number {
  return Math.max(256, Math.ceil(totalRows / 128))
}

/**
 * XᵀX of each block of rows, as upper triangles, shape (blocks, factors (factors + 1) / 2): 64-bit sums of 32-bit sums
 * of 128 rows each.
 * @param strided shape (rows, stride), the first of them the first of a block, in the workspace
 */
export async function stridedGramianPartials(
  workspace: Workspace,
  strided: Float32Array<SharedArrayBuffer>,
  { factors, totalRows }: { factors: number; totalRows: number },
): Promise<Float64Array> {
  const stride = strideOf(factors)
  const rows = strided.length / stride
  const blockRows = gramianBlockRows(totalRows)
  const blocks = Math.ceil(rows / blockRows)
  const mark = workspace.mark()
  const partials = workspace.float64((blocks * factors * (factors + 1)) / 2)
  const parameters = [strided.byteOffset, rows, stride, factors, blockRows, partials.byteOffset]
  await workspace.run('gramianBlock', { blocks, parameters, scratchBytes: 8 * stride * stride })
  const taken = Float64Array.from(partials)
  workspace.free(mark)
  return taken
}

/** Rows that a thread turns at a time. */
const rotateBlockRows = 1024

/**
 * Turns rows x into x M where they stand.
 * @param strided shape (rows, stride), in the workspace; overwritten
 * @param matrix M, shape (factors, factors), row-major
 */
export async function rotateRows(
  workspace: Workspace,
  strided: Float32Array<SharedArrayBuffer>,
  { factors, matrix }: { factors: number; matrix: Float64Array },
): Promise<void> {
  const stride = strideOf(factors)
  const rows = strided.length / stride
  const mark = workspace.mark()
  const panels = workspace.float32(stride * stride)
  for (let k = 0; k < factors; k++) {
    for (let column = 0; column < factors; column++) {
      const panel = Math.floor(column / 8)
      panels[panel * 8 * stride + k * 8 + (column % 8)] = matrix[k * factors + column]!
    }
  }
  const parameters = [strided.byteOffset, rows, stride, rotateBlockRows, panels.byteOffset]
  const blocks = Math.ceil(rows / rotateBlockRows)
  await workspace.run('rotateBlock', { blocks, parameters, scratchBytes: 2 * 32 * 4 * stride })
  workspace.free(mark)
}

/** The rows of a square matrix as columns. */
export function transposed(matrix: Float64Array, n: number): Float64Array {
  return matrix.map((_, cell) => matrix[(cell % n) * n + Math.floor(cell / n)]!)
}
