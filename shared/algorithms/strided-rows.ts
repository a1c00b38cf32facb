import type { Workspace } from './kernels/workspace.ts'

/** Floats that a row takes in a workspace: kernels compute sixteen at a time; those beyond the factors are zero. */
export function strideOf(factors: number): number {
  return Math.ceil(factors / 16) * 16
}

/** Rows of shape (rows, factors) as the kernels read them, shape (rows, stride), in the workspace. */
export function layOutRows(
  workspace: Workspace,
  values: Float32Array,
  factors: number,
): Float32Array<SharedArrayBuffer> {
  const stride = strideOf(factors)
  const strided = workspace.float32((values.length / factors) * stride)
  if (stride === factors) strided.set(values)
  else {
    for (let row = 0; row * factors < values.length; row++) {
      strided.set(values.subarray(row * factors, (row + 1) * factors), row * stride)
    }
  }
  return strided
}

/** Strided rows of a workspace as shape (rows, factors), in memory of their own. */
export function takeRows(strided: Float32Array, factors: number): Float32Array {
  const stride = strideOf(factors)
  if (stride === factors) return Float32Array.from(strided)
  const values = new Float32Array((strided.length / stride) * factors)
  for (let row = 0; row * factors < values.length; row++) {
    values.set(strided.subarray(row * stride, row * stride + factors), row * factors)
  }
  return values
}
