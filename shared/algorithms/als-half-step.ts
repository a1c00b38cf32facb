import { checkStrengths, type RowParameters } from './als-parameters.ts'
import { type Diagonalised, layOutRatings, solveLaidOut } from './als-rows.ts'
import { gramianBlockRows, rotateRows, stridedGramianPartials, transposed } from './als-side.ts'
import type { Csr } from './csr.ts'
import type { Workspace } from './kernels/workspace.ts'
import { layOutRows, strideOf, takeRows } from './strided-rows.ts'
import { symmetricEigen } from './symmetric-eigen.ts'

/**
 * The side that a half-step keeps: its vectors y in coordinates ŷ = Qᵀy in which YᵀY is diagonal. Lengths and products of
 * vectors are the same in all coordinates; what is solved against a fixed side comes out in the fixed side's.
 */
export interface FixedSide extends Diagonalised {
  columns: number
  /** Qᵀ, shape (factors, factors): row i is the eigenvector of eigenvalue i */
  rotation: Float64Array
}

/**
 * XᵀX of each block of rows, as upper triangles, shape (blocks, factors (factors + 1) / 2): parts of a side give the
 * same numbers wherever the side is cut.
 * @param values rows `from` and on of a side of totalRows, shape (rows, factors)
 * @throws RangeError when the part does not begin and end where blocks do
 */
export async function gramianPartials(
  workspace: Workspace,
  values: Float32Array,
  { factors, from, totalRows }: { factors: number; from: number; totalRows: number },
): Promise<Float64Array> {
  const blockRows = gramianBlockRows(totalRows)
  const to = from + values.length / factors
  if (from % blockRows !== 0 || (to % blockRows !== 0 && to !== totalRows)) {
    throw new RangeError(
      `Cannot sum a Gramian as a part must begin and end at multiples of ${blockRows} rows: current value is ${from} to ${to}`,
    )
  }
  const mark = workspace.mark()
  const strided = layOutRows(workspace, values, factors)
  const partials = await stridedGramianPartials(workspace, strided, { factors, totalRows })
  workspace.free(mark)
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
  return diagonalise(workspace, { factors, gramian, strided: layOutRows(workspace, values, factors) })
}

/** Makes a whole side that stands in the workspace ready to be solved against; it is turned where it stands. */
export async function prepareStrided(
  workspace: Workspace,
  strided: Float32Array<SharedArrayBuffer>,
  factors: number,
): Promise<FixedSide> {
  const totalRows = strided.length / strideOf(factors)
  const partials = await stridedGramianPartials(workspace, strided, { factors, totalRows })
  return diagonalise(workspace, { factors, gramian: sumGramian([partials], factors), strided })
}

/** Turns a side that is in the workspace already: `strided`, shape (columns, stride), becomes the fixed side's values. */
export async function diagonalise(
  workspace: Workspace,
  { factors, gramian, strided }: { factors: number; gramian: Float64Array; strided: Float32Array<SharedArrayBuffer> },
): Promise<FixedSide> {
  const { values: eigenvalues, vectors: rotation } = symmetricEigen(gramian, factors)
  await rotateRows(workspace, strided, { factors, matrix: transposed(rotation, factors) })
  return { factors, columns: strided.length / strideOf(factors), values: strided, eigenvalues, rotation }
}

/**
 * The vectors of rows against a fixed side, shape (rows, factors), in the fixed side's coordinates. Row x goes from zero
 * towards the solution of (D + λI + Σ (c - 1) ŷŷᵀ) x = Σ c ŷ over its ratings with strength r > 0, c = 1 + alpha r, by
 * conjugate gradient with the preconditioner D + λI: exact after as many steps as the row has entries, and nearly so
 * after two or three. A row without positive ratings is zero. Sums are of 32 bits, over at most 512 entries each.
 * Source: Hu, Koren, Volinsky, ICDM 2008, section 4; Takács, Pilászy, Tikk, RecSys 2011, section 3.2, departing in the
 * coordinates, which make YᵀY a diagonal and its inverse the preconditioner.
 * @param ratings shape (rows, columns of the fixed side)
 * @throws RangeError when a strength is out of range or the columns are not those of the fixed side
 */
export async function solveRows(
  workspace: Workspace,
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
  const mark = workspace.mark()
  const into = workspace.float32(ratings.rows * strideOf(fixed.factors))
  const laidOut = layOutRatings(workspace, ratings, parameters)
  await solveLaidOut(workspace, fixed, { laidOut, steps: parameters.conjugateGradientSteps, into })
  const solved = takeRows(into, fixed.factors)
  workspace.free(mark)
  return solved
}

/** What was solved against a fixed side, in the coordinates that the fixed side had before `prepareFixed`. */
export async function rotateBack(
  workspace: Workspace,
  { factors, rotation }: FixedSide,
  solved: Float32Array,
): Promise<Float32Array> {
  const mark = workspace.mark()
  const strided = layOutRows(workspace, solved, factors)
  await rotateRows(workspace, strided, { factors, matrix: rotation })
  const back = takeRows(strided, factors)
  workspace.free(mark)
  return back
}
