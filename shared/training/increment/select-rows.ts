import type { Csr } from '../../algorithms/csr.ts'

/** Some rows of a matrix, in the order they are named. */
export function selectRows(csr: Csr, rows: ArrayLike<number>): Csr {
  const { columns, indptr } = csr
  const ends = new Uint32Array(rows.length + 1)
  for (let place = 0; place < rows.length; place++) {
    const row = rows[place]!
    ends[place + 1] = ends[place]! + indptr[row + 1]! - indptr[row]!
  }
  const entries = ends.at(-1) ?? 0
  const selected = { indices: new Uint32Array(entries), values: new Float32Array(entries) }
  for (let place = 0; place < rows.length; place++) {
    const [from, to] = [indptr[rows[place]!]!, indptr[rows[place]! + 1]!]
    selected.indices.set(csr.indices.subarray(from, to), ends[place])
    selected.values.set(csr.values.subarray(from, to), ends[place])
  }
  return { rows: rows.length, columns, indptr: ends, ...selected }
}

/** Some rows of a table of factors, in the order they are named; shape (rows, factors). */
export function selectFactors(values: Float32Array, factors: number, rows: ArrayLike<number>): Float32Array {
  const selected = new Float32Array(rows.length * factors)
  for (let place = 0; place < rows.length; place++) {
    selected.set(values.subarray(rows[place]! * factors, (rows[place]! + 1) * factors), place * factors)
  }
  return selected
}
