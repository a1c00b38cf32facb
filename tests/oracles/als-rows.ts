import { type RowParameters, rowRegularization } from '../../shared/algorithms/als-parameters.ts'
import type { Csr } from '../../shared/algorithms/csr.ts'

/** A fixed side in coordinates in which its Gramian is diagonal. */
interface Side {
  factors: number
  columns: number
  /** shape (columns, factors) */
  values: Float32Array
  /** shape (factors), descending */
  eigenvalues: Float64Array
}

/** The straight twin of the kernel behind `solveRows`, in 64 bits: shape (rows, factors). */
export function straightRows(fixed: Side, ratings: Csr, parameters: RowParameters): Float32Array {
  const solved = new Float32Array(ratings.rows * fixed.factors)
  for (let row = 0; row < ratings.rows; row++) {
    solved.set(solveRow(fixed, ratings, row, parameters), row * fixed.factors)
  }
  return solved
}

function solveRow(fixed: Side, ratings: Csr, row: number, parameters: RowParameters): Float64Array {
  const { factors, values, eigenvalues, columns } = fixed
  const entries: { at: number; extra: number }[] = []
  for (let entry = ratings.indptr[row]!; entry < ratings.indptr[row + 1]!; entry++) {
    const strength = ratings.values[entry]!
    if (strength > 0) entries.push({ at: ratings.indices[entry]! * factors, extra: parameters.alpha * strength })
  }
  const lambda = rowRegularization(parameters, {
    entries: ratings.indptr[row + 1]! - ratings.indptr[row]!,
    columns,
  })
  const diagonal = eigenvalues.map(value => Math.max(value, 0) + lambda)
  const least = 1e-7 * diagonal[0]!
  // A direction in which the fixed side has nothing is left at zero.
  const inverse = diagonal.map(value => (value > least ? 1 / value : 0))
  const x = new Float64Array(factors)
  const r = new Float64Array(factors)
  for (const { at, extra } of entries) for (let k = 0; k < factors; k++) r[k]! += (1 + extra) * values[at + k]!
  const p = r.map((value, k) => value * inverse[k]!)
  let rz = p.reduce((sum, value, k) => sum + value * r[k]!, 0)
  for (let step = 0; step < Math.min(parameters.conjugateGradientSteps, entries.length) && rz > 0; step++) {
    const ap = p.map((value, k) => value * diagonal[k]!)
    for (const { at, extra } of entries) {
      let product = 0
      for (let k = 0; k < factors; k++) product += values[at + k]! * p[k]!
      for (let k = 0; k < factors; k++) ap[k]! += extra * product * values[at + k]!
    }
    const stepLength = rz / p.reduce((sum, value, k) => sum + value * ap[k]!, 0)
    for (let k = 0; k < factors; k++) {
      x[k]! += stepLength * p[k]!
      r[k]! -= stepLength * ap[k]!
    }
    const previous = rz
    rz = r.reduce((sum, value, k) => sum + value * value * inverse[k]!, 0)
    for (let k = 0; k < factors; k++) p[k] = r[k]! * inverse[k]! + (rz / previous) * p[k]!
  }
  return x
}
