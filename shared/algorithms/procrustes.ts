/** Rows of one table, row-major. */
interface Table {
  values: Float32Array
  factors: number
}

const sweepsMax = 60
/** Columns count as orthogonal when the cosine between them is below this. */
const orthogonal = 1e-12
/** A column shorter than this share of the longest is none: its direction is chance. */
const emptyShare = 1e-9

/**
 * The rotation that brings rows of `from` nearest to their partners in `to`: Q minimises Σ |a_k Q - b_k|² over the pairs,
 * among the matrices that keep lengths. Two models of one shop agree only up to such a rotation, as x·y = (xQ)·(yQ).
 * Directions that the pairs say nothing of are mapped to zero; tables of different factors are allowed.
 * Source: Schönemann, Psychometrika 31, 1966: AᵀB = U S Vᵀ, Q = U Vᵀ; the decomposition by one-sided Jacobi rotations
 * (Hestenes 1958).
 * @param pairs row numbers in `from` and in `to`, two arrays of one length
 * @returns Q, shape (from.factors, to.factors), row-major
 * @throws RangeError when the two arrays of pairs differ in length
 */
export function procrustes(
  from: Table,
  to: Table,
  pairs: { from: ArrayLike<number>; to: ArrayLike<number> },
): Float64Array {
  if (pairs.from.length !== pairs.to.length) {
    throw new RangeError(
      `Cannot align two tables as pairs must name as many rows of each: current counts are ${pairs.from.length} and ${pairs.to.length}`,
    )
  }
  const { left, right } = orthogonalColumns(crossProduct(from, to, pairs), from.factors, to.factors)
  const lengths = right.map((_, column) => norm(left[column]!))
  const longest = Math.max(0, ...lengths)
  const rotation = new Float64Array(from.factors * to.factors)
  for (const [column, length] of lengths.entries()) {
    if (length <= longest * emptyShare) continue
    for (let row = 0; row < from.factors; row++) {
      const weight = left[column]![row]! / length
      for (let factor = 0; factor < to.factors; factor++) {
        rotation[row * to.factors + factor]! += weight * right[column]![factor]!
      }
    }
  }
  return rotation
}

/** Row `row` of a table times the rotation. @param rotation shape (factors, columns) */
export function rotated({ values, factors }: Table, row: number, rotation: Float64Array): Float64Array {
  const columns = rotation.length / factors
  const result = new Float64Array(columns)
  for (let factor = 0; factor < factors; factor++) {
    const value = values[row * factors + factor]!
    for (let column = 0; column < columns; column++) result[column]! += value * rotation[factor * columns + column]!
  }
  return result
}

/** AᵀB over the pairs, by columns: entry k has length from.factors. */
function crossProduct(
  from: Table,
  to: Table,
  pairs: { from: ArrayLike<number>; to: ArrayLike<number> },
): Float64Array[] {
  const columns = Array.from({ length: to.factors }, () => new Float64Array(from.factors))
  for (let pair = 0; pair < pairs.from.length; pair++) {
    const a = pairs.from[pair]! * from.factors
    const b = pairs.to[pair]! * to.factors
    for (const [factor, column] of columns.entries()) {
      const weight = to.values[b + factor]!
      for (let row = 0; row < column.length; row++) column[row]! += weight * from.values[a + row]!
    }
  }
  return columns
}

/** Turns the columns of M pairwise until they are orthogonal: M V = left, with V orthogonal and `right` its columns. */
function orthogonalColumns(
  left: Float64Array[],
  rows: number,
  columns: number,
): { left: Float64Array[]; right: Float64Array[] } {
  const right = Array.from({ length: columns }, (_, column) => new Float64Array(columns).fill(1, column, column + 1))
  for (let sweep = 0; sweep < sweepsMax; sweep++) {
    let turned = false
    for (let p = 0; p < columns; p++) {
      for (let q = p + 1; q < columns; q++) {
        const alpha = inner(left[p]!, left[p]!)
        const beta = inner(left[q]!, left[q]!)
        const gamma = inner(left[p]!, left[q]!)
        if (Math.abs(gamma) <= orthogonal * Math.sqrt(alpha * beta)) continue
        turned = true
        const zeta = (beta - alpha) / (2 * gamma)
        const tangent = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta))
        const cosine = 1 / Math.sqrt(1 + tangent * tangent)
        turn(left[p]!, left[q]!, { cosine, sine: cosine * tangent, length: rows })
        turn(right[p]!, right[q]!, { cosine, sine: cosine * tangent, length: columns })
      }
    }
    if (!turned) break
  }
  return { left, right }
}

function turn(p: Float64Array, q: Float64Array, by: { cosine: number; sine: number; length: number }): void {
  for (let row = 0; row < by.length; row++) {
    const before = p[row]!
    p[row] = by.cosine * before - by.sine * q[row]!
    q[row] = by.sine * before + by.cosine * q[row]!
  }
}

function inner(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let row = 0; row < a.length; row++) sum += a[row]! * b[row]!
  return sum
}

const norm = (vector: Float64Array) => Math.sqrt(inner(vector, vector))
