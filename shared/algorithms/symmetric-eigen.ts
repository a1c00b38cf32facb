export interface Eigen {
  /** shape (n), descending */
  values: Float64Array
  /** shape (n, n), row-major: row i is the unit eigenvector of value i */
  vectors: Float64Array
}

/** A tridiagonal matrix T with Z A Zᵀ = T; `below` of row i is T[i, i - 1], that of row 0 is not used. */
interface Tridiagonal {
  diagonal: Float64Array
  below: Float64Array
  z: Float64Array
}

/** More are never needed; QL takes fewer than two on average. */
const sweepsMax = 50

/**
 * Eigenvalues and eigenvectors of a symmetric matrix, in 64 bits; the same input gives the same bits.
 * Source: Golub, Van Loan, Matrix Computations, 4th edition, 8.3: Householder tridiagonalisation, then QL with implicit
 * shifts (Dubrulle, Martin, Wilkinson 1968).
 * @param matrix shape (n, n), row-major and symmetric; left as it is
 * @throws RangeError when a number of the matrix is not finite
 */
export function symmetricEigen(matrix: Float64Array, n: number): Eigen {
  for (const value of matrix) {
    if (!Number.isFinite(value)) {
      throw new RangeError(`Cannot find eigenvalues as the matrix must be finite: current value is ${value}`)
    }
  }
  const reduced = tridiagonal(matrix, n)
  for (let row = 0; row < n; row++) diagonalise(reduced, row, n)
  return descending(reduced, n)
}

function tridiagonal(matrix: Float64Array, n: number): Tridiagonal {
  const a = matrix.slice()
  const z = new Float64Array(n * n)
  const below = new Float64Array(n)
  const betas = new Float64Array(n)
  const q = new Float64Array(n)
  for (let k = 0; k + 1 < n; k++) below[k + 1] = reflect(a, { k, n, betas, q })
  // Z = … H₁ H₀; each reflection leaves rows and columns up to k as they are, so z grows from the lower right corner.
  for (let k = 0; k < n; k++) z[k * n + k] = 1
  for (let k = n - 2; k >= 0; k--) {
    const v = a.subarray(k * n, (k + 1) * n)
    for (let row = k + 1; row < n; row++) {
      let sum = 0
      for (let j = k + 1; j < n; j++) sum += z[row * n + j]! * v[j]!
      sum *= betas[k]!
      for (let j = k + 1; j < n; j++) z[row * n + j]! -= sum * v[j]!
    }
  }
  return { diagonal: Float64Array.from({ length: n }, (_, k) => a[k * n + k]!), below, z }
}

/**
 * A ← H A H for the H = I - β v vᵀ that clears row k beyond its first number right of the diagonal, which is returned.
 * Only the upper triangle is kept; v replaces the cleared row.
 */
function reflect(
  a: Float64Array,
  { k, n, betas, q }: { k: number; n: number; betas: Float64Array; q: Float64Array },
): number {
  const v = a.subarray(k * n, (k + 1) * n)
  let tail = 0
  for (let j = k + 2; j < n; j++) tail += v[j]! * v[j]!
  const first = v[k + 1]!
  if (tail === 0) return first
  const kept = first > 0 ? -Math.sqrt(first * first + tail) : Math.sqrt(first * first + tail)
  v[k + 1] = first - kept
  const beta = 2 / (tail + (first - kept) ** 2)
  betas[k] = beta
  // q = β A v, then q -= (β/2)(q·v) v, and A -= v qᵀ + q vᵀ.
  q.fill(0)
  for (let i = k + 1; i < n; i++) {
    let sum = a[i * n + i]! * v[i]!
    for (let j = i + 1; j < n; j++) {
      sum += a[i * n + j]! * v[j]!
      q[j]! += a[i * n + j]! * v[i]!
    }
    q[i]! += sum
  }
  let overlap = 0
  for (let j = k + 1; j < n; j++) {
    q[j]! *= beta
    overlap += q[j]! * v[j]!
  }
  for (let j = k + 1; j < n; j++) q[j]! -= 0.5 * beta * overlap * v[j]!
  for (let i = k + 1; i < n; i++) {
    for (let j = i; j < n; j++) a[i * n + j]! -= v[i]! * q[j]! + q[i]! * v[j]!
  }
  return kept
}

/** QL sweeps until the off-diagonal number below `row` has gone, so that diagonal[row] is an eigenvalue. */
function diagonalise(reduced: Tridiagonal, row: number, n: number): void {
  const { diagonal, below } = reduced
  for (let sweep = 0; sweep < sweepsMax; sweep++) {
    let end = row
    while (end + 1 < n && !isNegligible(reduced, end + 1)) end += 1
    if (end === row) return
    // Wilkinson's shift: the eigenvalue of the upper 2 x 2 that is nearer to diagonal[row].
    const ratio = (diagonal[row + 1]! - diagonal[row]!) / (2 * below[row + 1]!)
    const root = Math.sqrt(ratio * ratio + 1)
    const shift = diagonal[row]! - below[row + 1]! / (ratio + (ratio < 0 ? -root : root))
    chase(reduced, { from: end, to: row, shift, n })
  }
}

function isNegligible({ diagonal, below }: Tridiagonal, at: number): boolean {
  return Math.abs(below[at]!) <= Number.EPSILON * (Math.abs(diagonal[at - 1]!) + Math.abs(diagonal[at]!))
}

/** One implicit QL sweep: plane rotations from the lower end up, each moving the bulge of the one before. */
function chase(
  { diagonal, below, z }: Tridiagonal,
  { from, to, shift, n }: { from: number; to: number; shift: number; n: number },
): void {
  if (from + 1 < n) below[from + 1] = 0
  let sine = 1
  let cosine = 1
  let moved = 0
  let bulge = diagonal[from]! - shift
  for (let i = from - 1; i >= to; i--) {
    const off = sine * below[i + 1]!
    const along = cosine * below[i + 1]!
    const length = Math.sqrt(off * off + bulge * bulge)
    if (i + 1 < from) below[i + 2] = length
    if (length === 0) {
      diagonal[i + 1]! -= moved
      return
    }
    sine = off / length
    cosine = bulge / length
    const upper = diagonal[i + 1]! - moved
    const mixed = (diagonal[i]! - upper) * sine + 2 * cosine * along
    moved = sine * mixed
    diagonal[i + 1] = upper + moved
    bulge = cosine * mixed - along
    rotateRows(z, { upper: i * n, lower: (i + 1) * n, sine, cosine, n })
  }
  diagonal[to]! -= moved
  below[to + 1] = bulge
}

function rotateRows(
  z: Float64Array,
  { upper, lower, sine, cosine, n }: { upper: number; lower: number; sine: number; cosine: number; n: number },
): void {
  for (let j = 0; j < n; j++) {
    const above = z[upper + j]!
    const under = z[lower + j]!
    z[lower + j] = sine * above + cosine * under
    z[upper + j] = cosine * above - sine * under
  }
}

function descending({ diagonal, z }: Tridiagonal, n: number): Eigen {
  const order = Array.from(diagonal.keys()).sort((a, b) => diagonal[b]! - diagonal[a]! || a - b)
  const vectors = new Float64Array(n * n)
  for (const [place, row] of order.entries()) vectors.set(z.subarray(row * n, (row + 1) * n), place * n)
  return { values: Float64Array.from(order, row => diagonal[row]!), vectors }
}
