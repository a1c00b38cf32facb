import { dot } from './dot.ts'

/**
 * Writes the inner product of `query` with each row into `into`, in 64 bits before it is stored and added up in the order
 * of `dot`, so that both and the top-n kernel give the same bits. Two rows go side by side, so that a number of the query
 * is loaded once for them and no addition waits for the one before.
 * @param query shape (factors)
 * @param rows shape (rows, factors), row-major
 * @param into shape (rows)
 */
export function dotRows(query: Float64Array, rows: Float32Array, into: Float32Array): void {
  const count = into.length
  for (let row = 0; row + 1 < count; row += 2) dotTwoRows(query, rows, { row, into })
  if (count % 2 === 1) into[count - 1] = dot(query, 0, rows, (count - 1) * query.length, query.length)
}

function dotTwoRows(query: Float64Array, rows: Float32Array, { row, into }: { row: number; into: Float32Array }): void {
  const factors = query.length
  const a = row * factors
  const b = a + factors
  let [a0, a1, a2, a3] = [0, 0, 0, 0]
  let [b0, b1, b2, b3] = [0, 0, 0, 0]
  let factor = 0
  for (; factor + 3 < factors; factor += 4) {
    const x0 = query[factor]!
    const x1 = query[factor + 1]!
    const x2 = query[factor + 2]!
    const x3 = query[factor + 3]!
    a0 += x0 * rows[a + factor]!
    a1 += x1 * rows[a + factor + 1]!
    a2 += x2 * rows[a + factor + 2]!
    a3 += x3 * rows[a + factor + 3]!
    b0 += x0 * rows[b + factor]!
    b1 += x1 * rows[b + factor + 1]!
    b2 += x2 * rows[b + factor + 2]!
    b3 += x3 * rows[b + factor + 3]!
  }
  for (; factor < factors; factor++) {
    a0 += query[factor]! * rows[a + factor]!
    b0 += query[factor]! * rows[b + factor]!
  }
  into[row] = a0 + a1 + (a2 + a3)
  into[row + 1] = b0 + b1 + (b2 + b3)
}
