/**
 * Solves A x = b for a symmetric positive semidefinite A, in 64 bits; a direction in which A is zero, to its accuracy,
 * is left at zero. Source: Golub, Van Loan, Matrix Computations, 4th edition, 4.2.
 * @param a shape (n, n), row-major, of which the lower triangle is read; overwritten
 * @param b shape (n); overwritten by x
 */
export function choleskySolve(a: Float64Array, b: Float64Array): void {
  choleskyFactor(a, b.length)
  solveFactored(a, b)
}

/**
 * Overwrites the lower triangle of A with L of A = L Lᵀ. Where A is zero to its accuracy a pivot is 0, with its column.
 * @param a shape (n, n), row-major, of which the lower triangle is read
 */
export function choleskyFactor(a: Float64Array, n: number): void {
  let largest = 0
  for (let i = 0; i < n; i++) largest = Math.max(largest, a[i * n + i]!)
  const least = 1e-13 * largest
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * n + j]!
      for (let k = 0; k < j; k++) sum -= a[i * n + k]! * a[j * n + k]!
      if (i === j) a[i * n + i] = sum > least ? Math.sqrt(sum) : 0
      else a[i * n + j] = a[j * n + j] === 0 ? 0 : sum / a[j * n + j]!
    }
  }
}

/**
 * Overwrites b with x of L Lᵀ x = b, zero where the pivot is: W b with the symmetric (pseudo)inverse W of what was factored.
 * @param l what `choleskyFactor` left, shape (n, n)
 * @param b shape (n)
 */
export function solveFactored(l: Float64Array, b: Float64Array): void {
  const n = b.length
  for (let i = 0; i < n; i++) {
    let sum = b[i]!
    for (let k = 0; k < i; k++) sum -= l[i * n + k]! * b[k]!
    b[i] = l[i * n + i] === 0 ? 0 : sum / l[i * n + i]!
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = b[i]!
    for (let k = i + 1; k < n; k++) sum -= l[k * n + i]! * b[k]!
    b[i] = l[i * n + i] === 0 ? 0 : sum / l[i * n + i]!
  }
}
