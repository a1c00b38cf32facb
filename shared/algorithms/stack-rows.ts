import type { Csr } from './csr.ts'

/**
 * The matrix whose rows are those of all parts, one part after the other; without parts it has no rows.
 * @param columns of every part
 * @throws RangeError when a part has another number of columns
 */
export function stackRows(parts: readonly Csr[], columns: number): Csr {
  const rows = parts.reduce((sum, part) => sum + part.rows, 0)
  const entries = parts.reduce((sum, part) => sum + part.indices.length, 0)
  const stacked = {
    ...{ rows, columns, indptr: new Uint32Array(rows + 1) },
    ...{ indices: new Uint32Array(entries), values: new Float32Array(entries) },
  }
  let row = 0
  let entry = 0
  for (const part of parts) {
    if (part.columns !== columns) {
      throw new RangeError(`Cannot stack rows as a part must have ${columns} columns: current value is ${part.columns}`)
    }
    stacked.indices.set(part.indices, entry)
    stacked.values.set(part.values, entry)
    for (let own = 1; own <= part.rows; own++) stacked.indptr[row + own] = entry + part.indptr[own]!
    row += part.rows
    entry += part.indices.length
  }
  return stacked
}
