import { type RowParameters, rowRegularization } from './als-parameters.ts'
import { choleskySolve } from './cholesky-solve.ts'

/** The side that stays as the last fit left it, in its own coordinates. */
export interface FoldInSide {
  factors: number
  /** shape (columns, factors) */
  values: Float32Array
  /** Where each column's row stands in `values`, shape (columns); absent where rows stand in the order of columns. */
  places?: Uint32Array | undefined
  /** YᵀY of `values`, shape (factors, factors) */
  gramian: Float64Array
}

/** One row's feedback; a column named twice counts twice. */
export interface RowEntries {
  columns: ArrayLike<number>
  strengths: ArrayLike<number>
}

/** What a row is solved with besides its feedback. */
export type FoldInParameters = Omit<RowParameters, 'conjugateGradientSteps'>

/** A x = b of one row: A = YᵀY + λI + Σ (c - 1) yyᵀ, of which the lower triangle is meant, and b = Σ c y, in 64 bits. */
export interface RowSystem {
  a: Float64Array
  b: Float64Array
}

/**
 * The vector, shape (factors), that one row gets against a fixed side, as a refit of the row alone would give: the exact
 * solution of (YᵀY + λI + Σ (c - 1) yyᵀ) x = Σ c y, in 64 bits. A row without positive strengths is zero.
 * Source: Hu, Koren, Volinsky, ICDM 2008, section 4.
 * @throws RangeError when a column or a strength is out of range
 */
export function foldIn(entries: RowEntries, side: FoldInSide, parameters: FoldInParameters): Float32Array {
  const { a, b } = rowSystem(entries, side, parameters)
  choleskySolve(a, b)
  return Float32Array.from(b)
}

/** @throws RangeError when a column or a strength is out of range */
export function rowSystem(
  { columns, strengths }: RowEntries,
  side: FoldInSide,
  parameters: FoldInParameters,
): RowSystem {
  const { factors, gramian } = side
  const a = gramian.slice()
  const b = new Float64Array(factors)
  const size = { entries: columns.length, columns: side.values.length / factors }
  const lambda = rowRegularization(parameters, size)
  for (let factor = 0; factor < factors; factor++) a[factor * factors + factor]! += lambda
  for (let entry = 0; entry < columns.length; entry++) {
    const column = columns[entry]!
    const strength = strengths[entry]!
    if (!Number.isInteger(column) || column < 0 || column >= size.columns) {
      throw new RangeError(
        `Cannot fold in as column ${entry} must be an integer from 0 to ${size.columns - 1}: current value is ${column}`,
      )
    }
    if (!(strength >= 0 && strength < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`Cannot fold in as strength ${entry} must be a number ≥ 0: current value is ${strength}`)
    }
    if (strength > 0) addEntry(a, b, rowOf(column, side), parameters.alpha * strength)
  }
  return { a, b }
}

/** The row of one column, shape (factors). */
export function rowOf(column: number, { factors, values, places }: FoldInSide): Float32Array {
  const at = (places ? places[column]! : column) * factors
  return values.subarray(at, at + factors)
}

/** A += (c - 1) y yᵀ, lower triangle, and b += c y. */
function addEntry(a: Float64Array, b: Float64Array, y: Float32Array, extra: number): void {
  const factors = y.length
  for (let i = 0; i < factors; i++) {
    const weighted = extra * y[i]!
    b[i]! += y[i]! + weighted
    const row = i * factors
    for (let j = 0; j <= i; j++) a[row + j]! += weighted * y[j]!
  }
}
