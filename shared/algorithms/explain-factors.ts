import { choleskyFactor, solveFactored } from './cholesky-solve.ts'
import { dot } from './dot.ts'
import { type FoldInParameters, type FoldInSide, type RowEntries, rowOf, rowSystem } from './fold-in.ts'

/** What one column's score is made of. */
export interface FactorExplanation {
  /** x·y of the vector x that the entries give, in 64 bits. */
  score: number
  /** What each entry adds, shape (entries); they sum to the score. An entry of strength 0 adds nothing. */
  terms: Float64Array
}

/**
 * Explains the scores of a row that was folded in: a function that gives, for a column i, what each of the row's entries
 * j adds to it: x·y_i = Σ_j s_ij c_j with s_ij = y_iᵀ W y_j, W = (YᵀY + λI + Σ (c - 1) yyᵀ)⁻¹ and c = 1 + alpha r. W is
 * factored once, so that a column costs two triangular solves and an inner product an entry. Exact for the vector that
 * `foldIn` gives. A column named in two entries has a term in each.
 * Source: Hu, Koren, Volinsky, ICDM 2008, section 5.
 * @throws RangeError when a column or a strength is out of range
 */
export function explainFactors(
  { columns, strengths }: RowEntries,
  side: FoldInSide,
  parameters: FoldInParameters,
): (column: number) => FactorExplanation {
  const { factors } = side
  const { a: l, b } = rowSystem({ columns, strengths }, side, parameters)
  choleskyFactor(l, factors)
  const rows = Array.from(columns, column => rowOf(column, side))
  return column => {
    // W is symmetric: one solve for the column serves all entries.
    const weights = Float64Array.from(rowOf(column, side))
    solveFactored(l, weights)
    const terms = new Float64Array(rows.length)
    for (const [entry, row] of rows.entries()) {
      const strength = strengths[entry]!
      if (strength > 0) terms[entry] = (1 + parameters.alpha * strength) * dot(weights, 0, row, 0, factors)
    }
    return { score: dot(weights, 0, b, 0, factors), terms }
  }
}
