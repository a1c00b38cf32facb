import { checkStrengths, type RowParameters, rowRegularization } from './als-parameters.ts'
import type { Csr } from './csr.ts'
import type { Workspace } from './kernels/workspace.ts'
import { symmetricEigen } from './symmetric-eigen.ts'

/**
 * The side that a half-step keeps: its vectors y in coordinates ŷ = Qᵀy in which YᵀY is diagonal. Lengths and products of
 * vectors are the same in all coordinates; what is solved against a fixed side comes out in the fixed side's.
 */
export interface FixedSide {
  factors: number
  columns: number
  /** Ŷ = YQ, shape (columns, factors), laid out in the workspace: gone once the caller frees it */
  values: Float32Array
  /** Of YᵀY, shape (factors), descending. */
  eigenvalues: Float64Array
  /** Qᵀ, shape (factors, factors): row i is the eigenvector of eigenvalue i */
  rotation: Float64Array
}

/** Rows of a block of the Gramian, a function of the whole side's rows alone: about 128 blocks, none under 256 rows. */
export function gramianBlockRows(totalRows: number): number {
  return Math.max(256, Math.ceil(totalRows / 128))
}

/**
 * XᵀX of each block of rows, as upper triangles, shape (blocks, factors (factors + 1) / 2): parts of a side give the
 * same numbers wherever the side is cut.
 * @param values rows `from` and on of a side of totalRows, shape (rows, factors)
 * @throws RangeError when the part does not begin and end where blocks do
 */
export async function gramianPartials(
  _workspace: Workspace,
  values: Float32Array,
  { factors, from, totalRows }: { factors: number; from: number; totalRows: number },
): Promise<Float64Array> {
  const blockRows = gramianBlockRows(totalRows)
  const rows = values.length / factors
  const to = from + rows
  if (from % blockRows !== 0 || (to % blockRows !== 0 && to !== totalRows)) {
    throw new RangeError(
      `Cannot sum a Gramian as a part must begin and end at multiples of ${blockRows} rows: current value is ${from} to ${to}`,
    )
  }
  const triangle = (factors * (factors + 1)) / 2
  const partials = new Float64Array(Math.ceil(rows / blockRows) * triangle)
  for (let row = 0; row < rows; row++) {
    let cell = Math.floor(row / blockRows) * triangle
    for (let a = row * factors; a < (row + 1) * factors; a++) {
      for (let b = a; b < (row + 1) * factors; b++) partials[cell++]! += values[a]! * values[b]!
    }
  }
  return partials
}

/** XᵀX of a side, shape (factors, factors), from the partials of its parts in order. */
export function sumGramian(partials: readonly Float64Array[], factors: number): Float64Array {
  const triangle = (factors * (factors + 1)) / 2
  const sums = new Float64Array(triangle)
  for (const part of partials) {
    for (let at = 0; at < part.length; at += triangle) {
      for (let cell = 0; cell < triangle; cell++) sums[cell]! += part[at + cell]!
    }
  }
  const gramian = new Float64Array(factors * factors)
  let cell = 0
  for (let a = 0; a < factors; a++) {
    for (let b = a; b < factors; b++, cell++) {
      gramian[a * factors + b] = sums[cell]!
      gramian[b * factors + a] = sums[cell]!
    }
  }
  return gramian
}

/**
 * Turns a side into the coordinates in which its Gramian is diagonal, in memory of the workspace that the caller frees.
 * @param side values of shape (columns, factors) and their whole Gramian, shape (factors, factors)
 */
export async function prepareFixed(
  workspace: Workspace,
  { factors, values, gramian }: { factors: number; values: Float32Array; gramian: Float64Array },
): Promise<FixedSide> {
  const { values: eigenvalues, vectors: rotation } = symmetricEigen(gramian, factors)
  const rotated = workspace.float32(values.length)
  for (let row = 0; row < values.length; row += factors) {
    for (let axis = 0; axis < factors; axis++) {
      let sum = 0
      for (let k = 0; k < factors; k++) sum += values[row + k]! * rotation[axis * factors + k]!
      rotated[row + axis] = sum
    }
  }
  return { factors, columns: values.length / factors, values: rotated, eigenvalues, rotation }
}

/**
 * The vectors of rows against a fixed side, shape (rows, factors), in the fixed side's coordinates. Row x goes from zero
 * towards the solution of (D + λI + Σ (c - 1) ŷŷᵀ) x = Σ c ŷ over its ratings with strength r > 0, c = 1 + alpha r, by
 * conjugate gradient with the preconditioner D + λI: exact after as many steps as the row has entries, and nearly so
 * after two or three. A row without positive ratings is zero.
 * Source: Hu, Koren, Volinsky, ICDM 2008, section 4; Takács, Pilászy, Tikk, RecSys 2011, section 3.2, departing in the
 * coordinates, which make YᵀY a diagonal and its inverse the preconditioner.
 * @param ratings shape (rows, columns of the fixed side)
 * @throws RangeError when a strength is out of range or the columns are not those of the fixed side
 */
export async function solveRows(
  _workspace: Workspace,
  fixed: FixedSide,
  ratings: Csr,
  parameters: RowParameters,
): Promise<Float32Array> {
  if (ratings.columns !== fixed.columns) {
    throw new RangeError(
      `Cannot solve rows as the ratings must have ${fixed.columns} columns: current value is ${ratings.columns}`,
    )
  }
  checkStrengths(ratings)
  const solved = new Float32Array(ratings.rows * fixed.factors)
  for (let row = 0; row < ratings.rows; row++)
    solved.set(solveRow(fixed, ratings, row, parameters), row * fixed.factors)
  return solved
}

/** What was solved against a fixed side, in the coordinates that the fixed side had before `prepareFixed`. */
export async function rotateBack(
  _workspace: Workspace,
  { factors, rotation }: FixedSide,
  solved: Float32Array,
): Promise<Float32Array> {
  const back = new Float32Array(solved.length)
  for (let row = 0; row < solved.length; row += factors) {
    for (let k = 0; k < factors; k++) {
      let sum = 0
      for (let axis = 0; axis < factors; axis++) sum += solved[row + axis]! * rotation[axis * factors + k]!
      back[row + k] = sum
    }
  }
  return back
}

function solveRow(fixed: FixedSide, ratings: Csr, row: number, parameters: RowParameters): Float64Array {
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
