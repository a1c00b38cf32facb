import { countingOrder } from './counting-order.ts'
import { asFloat32, asUint32, decodeModel, decodeModelShape, encodeModel, modelHeaderBytes } from './model-bytes.ts'

/**
 * A sparse matrix in compressed sparse rows: the entries of row r are at indptr[r] .. indptr[r + 1] - 1 of `indices`
 * (columns, ascending) and `values`.
 */
export interface Csr {
  rows: number
  columns: number
  indptr: Uint32Array
  indices: Uint32Array
  values: Float32Array
}

interface Triples {
  rows: number
  columns: number
  rowOf: ArrayLike<number>
  columnOf: ArrayLike<number>
  valueOf: ArrayLike<number>
}

/**
 * The matrix of (row, column, value) triples in any order: columns ascending within a row, values of the same cell
 * summed in 64 bits. No triples give an empty matrix; a cell whose sum is 0 stays stored.
 * @param triples the three arrays have one length; rows and columns are counts
 * @throws RangeError when lengths differ, an index is out of range or a value is not finite
 */
export function csrFromTriples(triples: Triples): Csr {
  const { rows, columns, rowOf, columnOf } = triples
  checkTriples(triples)
  // A stable counting sort by column and then by row leaves columns ascending within each row.
  const order = countingOrder(rowOf, rows, countingOrder(columnOf, columns))
  const indptr = new Uint32Array(rows + 1)
  const indices = new Uint32Array(order.length)
  const values = new Float32Array(order.length)
  let stored = 0
  let sum = 0
  for (let position = 0; position < order.length; position++) {
    const triple = order[position]!
    const next = order[position + 1]
    const row = rowOf[triple]!
    const column = columnOf[triple]!
    sum += triples.valueOf[triple]!
    if (next !== undefined && rowOf[next] === row && columnOf[next] === column) continue
    indices[stored] = column
    values[stored] = sum
    stored += 1
    sum = 0
    indptr[row + 1] = stored
  }
  for (let row = 0; row < rows; row++) indptr[row + 1] = Math.max(indptr[row]!, indptr[row + 1]!)
  return { rows, columns, indptr, indices: indices.subarray(0, stored), values: values.subarray(0, stored) }
}

/** The matrix with rows and columns exchanged; columns stay ascending within a row. */
export function transpose(csr: Csr): Csr {
  const entries = csr.indices.length
  const indptr = new Uint32Array(csr.columns + 1)
  for (let entry = 0; entry < entries; entry++) indptr[csr.indices[entry]! + 1]! += 1
  for (let column = 0; column < csr.columns; column++) indptr[column + 1]! += indptr[column]!
  const next = indptr.slice(0, csr.columns)
  // Places are met at random: row and value go side by side first, so that a place is one line of memory, not two.
  const rowsOf = new Uint32Array(2 * entries)
  const valuesOf = new Float32Array(rowsOf.buffer)
  for (let row = 0; row < csr.rows; row++) {
    const end = csr.indptr[row + 1]!
    for (let entry = csr.indptr[row]!; entry < end; entry++) {
      const column = csr.indices[entry]!
      const target = next[column]!
      next[column] = target + 1
      rowsOf[2 * target] = row
      valuesOf[2 * target + 1] = csr.values[entry]!
    }
  }
  const indices = new Uint32Array(entries)
  const values = new Float32Array(entries)
  for (let entry = 0; entry < entries; entry++) {
    indices[entry] = rowsOf[2 * entry]!
    values[entry] = valuesOf[2 * entry + 1]!
  }
  return { rows: csr.columns, columns: csr.rows, indptr, indices, values }
}

/** The matrix as bytes: shape (rows, columns, entries), then indptr, indices, values; see `encodeModel`. */
export function encodeCsr({ rows, columns, indptr, indices, values }: Csr): Uint8Array {
  return encodeModel({ kind: 'csr matrix', shape: [rows, columns, indices.length], arrays: [indptr, indices, values] })
}

/**
 * The matrix that `encodeCsr` wrote.
 * @throws RangeError when the bytes are not a csr matrix of this version, or its rows or columns do not fit its shape
 */
export function decodeCsr(bytes: Uint8Array): Csr {
  const reader = decodeModel(bytes, { kind: 'csr matrix', dimensions: 3 })
  const [rows = 0, columns = 0, entries = 0] = reader.shape
  const indptr = reader.uint32(rows + 1)
  const indices = reader.uint32(entries)
  const values = reader.float32(entries)
  reader.end()
  if (indptr[0] !== 0 || indptr[rows] !== entries) {
    throw new RangeError(`Cannot read csr matrix as indptr must lead from 0 to ${entries}: it ends at ${indptr[rows]}`)
  }
  return checked({ rows, columns, indptr, indices, values })
}

/** Where in the bytes of `encodeCsr` its parts begin. */
export interface CsrLayout {
  rows: number
  columns: number
  entries: number
  indptrAt: number
  indicesAt: number
  valuesAt: number
}

export const csrHeaderBytes = modelHeaderBytes(3)

/** @throws RangeError when the first `csrHeaderBytes` bytes are not those of a csr matrix of this version */
export function csrLayout(header: Uint8Array): CsrLayout {
  const [rows = 0, columns = 0, entries = 0] = decodeModelShape(header, { kind: 'csr matrix', dimensions: 3 })
  const indicesAt = csrHeaderBytes + 4 * (rows + 1)
  return { rows, columns, entries, indptrAt: csrHeaderBytes, indicesAt, valuesAt: indicesAt + 4 * entries }
}

/**
 * The matrix of some rows of an encoded one, from the bytes of their part of indptr (one word more than rows), of
 * indices and of values.
 * @throws RangeError when rows or columns do not fit
 */
export function csrOfRows(parts: {
  columns: number
  indptr: Uint8Array
  indices: Uint8Array
  values: Uint8Array
}): Csr {
  const ends = asUint32(parts.indptr)
  const [first = 0] = ends
  const indptr = ends.map(end => end - first)
  const { columns } = parts
  const rows = indptr.length - 1
  return checked({ rows, columns, indptr, indices: asUint32(parts.indices), values: asFloat32(parts.values) })
}

function checked(csr: Csr): Csr {
  for (let row = 0; row < csr.rows; row++) checkRow(csr, row)
  return csr
}

function checkRow({ columns, indptr, indices }: Csr, row: number): void {
  const from = indptr[row]!
  const to = indptr[row + 1]!
  if (to < from || to > indices.length) {
    throw new RangeError(
      `Cannot read csr matrix as indptr of row ${row} must not decrease: it goes from ${from} to ${to}`,
    )
  }
  let previous = -1
  for (let entry = from; entry < to; entry++) {
    const column = indices[entry]!
    if (column <= previous || column >= columns) {
      throw new RangeError(
        `Cannot read csr matrix as columns of row ${row} must ascend and stay below ${columns}: current value is ${column}`,
      )
    }
    previous = column
  }
}

function checkTriples({ rows, columns, rowOf, columnOf, valueOf: values }: Triples): void {
  if (rowOf.length !== columnOf.length || rowOf.length !== values.length) {
    throw new RangeError(
      `Cannot build a csr matrix as rowOf, columnOf and valueOf must have one length: they have ${rowOf.length}, ${columnOf.length} and ${values.length}`,
    )
  }
  for (let triple = 0; triple < rowOf.length; triple++) {
    if (!isIndex(rowOf[triple], rows)) throw outOfRange('row', rowOf[triple], { triple, size: rows })
    if (!isIndex(columnOf[triple], columns)) throw outOfRange('column', columnOf[triple], { triple, size: columns })
    if (!Number.isFinite(values[triple])) {
      throw new RangeError(
        `Cannot build a csr matrix as value of triple ${triple} must be finite: current value is ${values[triple]}`,
      )
    }
  }
}

function isIndex(index: number | undefined, size: number): boolean {
  return index !== undefined && Number.isInteger(index) && index >= 0 && index < size
}

function outOfRange(name: string, index: number | undefined, at: { triple: number; size: number }): RangeError {
  return new RangeError(
    `Cannot build a csr matrix as ${name} of triple ${at.triple} must be an integer from 0 to ${at.size - 1}: current value is ${index}`,
  )
}
