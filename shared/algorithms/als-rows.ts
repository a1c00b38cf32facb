import type { Csr } from './csr.ts'
import { dot } from './dot.ts'
import { gramian } from './gramian.ts'

interface HalfStep {
  /** shape (rows, columns) */
  ratings: Csr
  /** shape (rows, factors): read as the starting point, overwritten by the solution */
  solved: Float32Array
  /** shape (columns, factors) */
  fixed: Float32Array
  factors: number
  regularization: number
  alpha: number
  conjugateGradientSteps: number
}

interface System extends HalfStep {
  /** YᵀY + λI */
  gram: Float64Array
}

/** The vectors of one row's conjugate gradient, as the paper names them; kept over all rows. */
interface Vectors {
  x: Float64Array
  r: Float64Array
  p: Float64Array
  ap: Float64Array
}

/**
 * One half-step of ALS: every row x of `solved` moves towards the solution of A x = b with
 * A = YᵀY + λI + Σ (c - 1) y yᵀ and b = Σ c p y, over the row's ratings; a row without positive ratings becomes zero.
 * Source: Takács, Pilászy, Tikk, RecSys 2011, section 3.2 (conjugate gradient, YᵀY shared by all rows).
 */
export function solveRows(step: HalfStep): void {
  const { ratings, solved, fixed, factors, regularization } = step
  const gram = gramian(fixed, factors)
  for (let factor = 0; factor < factors; factor++) gram[factor * factors + factor]! += regularization
  const system = { ...step, gram }
  const vectors = {
    x: new Float64Array(factors),
    r: new Float64Array(factors),
    p: new Float64Array(factors),
    ap: new Float64Array(factors),
  }
  for (let row = 0; row < ratings.rows; row++) {
    if (hasPositive(ratings, row)) solveRow(system, vectors, row)
    else solved.fill(0, row * factors, (row + 1) * factors)
  }
}

function solveRow(system: System, vectors: Vectors, row: number): void {
  const { solved, factors, conjugateGradientSteps } = system
  const { x, r, p, ap } = vectors
  for (let factor = 0; factor < factors; factor++) x[factor] = solved[row * factors + factor]!
  // r = b - A x; p starts as the residual.
  startResidual(system, vectors, row)
  p.set(r)
  let residual = dot(r, 0, r, 0, factors)
  for (let step = 0; step < conjugateGradientSteps && residual > Number.EPSILON ** 2; step++) {
    multiply(system, { by: p, into: ap, row })
    const stepLength = residual / dot(p, 0, ap, 0, factors)
    for (let factor = 0; factor < factors; factor++) {
      x[factor]! += stepLength * p[factor]!
      r[factor]! -= stepLength * ap[factor]!
    }
    const previous = residual
    residual = dot(r, 0, r, 0, factors)
    const turn = residual / previous
    for (let factor = 0; factor < factors; factor++) p[factor] = r[factor]! + turn * p[factor]!
  }
  solved.set(x, row * factors)
}

function startResidual(system: System, { x, r }: Vectors, row: number): void {
  const { ratings, fixed, factors, alpha } = system
  multiply(system, { by: x, into: r, row })
  for (let factor = 0; factor < factors; factor++) r[factor] = -r[factor]!
  for (let entry = ratings.indptr[row]!; entry < ratings.indptr[row + 1]!; entry++) {
    const strength = ratings.values[entry]!
    if (strength > 0) addScaled(r, fixed, ratings.indices[entry]! * factors, 1 + alpha * strength)
  }
}

/** into = A by, for the A of this row. */
function multiply(system: System, { by, into, row }: { by: Float64Array; into: Float64Array; row: number }): void {
  const { ratings, fixed, factors, alpha, gram } = system
  for (let factor = 0; factor < factors; factor++) into[factor] = dot(gram, factor * factors, by, 0, factors)
  for (let entry = ratings.indptr[row]!; entry < ratings.indptr[row + 1]!; entry++) {
    const offset = ratings.indices[entry]! * factors
    addScaled(into, fixed, offset, alpha * ratings.values[entry]! * dot(fixed, offset, by, 0, factors))
  }
}

function addScaled(sum: Float64Array, rows: Float32Array, offset: number, weight: number): void {
  for (let factor = 0; factor < sum.length; factor++) sum[factor]! += weight * rows[offset + factor]!
}

function hasPositive({ indptr, values }: Csr, row: number): boolean {
  for (let entry = indptr[row]!; entry < indptr[row + 1]!; entry++) if (values[entry]! > 0) return true
  return false
}
