/**
 * YᵀY in 64 bits, shape (factors, factors), row-major and symmetric.
 * @param rows shape (n, factors), row-major; no rows give zeros
 */
export function gramian(rows: Float32Array, factors: number): Float64Array {
  const sums = new Float64Array(factors * factors)
  for (let offset = 0; offset < rows.length; offset += factors) {
    for (let a = 0; a < factors; a++) {
      const left = rows[offset + a]!
      if (left === 0) continue
      for (let b = a; b < factors; b++) sums[a * factors + b]! += left * rows[offset + b]!
    }
  }
  for (let a = 1; a < factors; a++) {
    for (let b = 0; b < a; b++) sums[a * factors + b] = sums[b * factors + a]!
  }
  return sums
}
