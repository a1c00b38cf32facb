import { decodeModel, encodeModel } from './model-bytes.ts'

/** Rows of a factor matrix as bytes: shape (rows, factors), then the values; see `encodeModel`. */
export function encodeFactorRows(values: Float32Array, factors: number): Uint8Array {
  return encodeModel({ kind: 'factor rows', shape: [values.length / factors, factors], arrays: [values] })
}

/**
 * The values that `encodeFactorRows` wrote.
 * @throws RangeError when the bytes are not factor rows of this version, or of another shape
 */
export function decodeFactorRows(bytes: Uint8Array, expected: { rows: number; factors: number }): Float32Array {
  const reader = decodeModel(bytes, { kind: 'factor rows', dimensions: 2 })
  const [rows, factors] = reader.shape
  if (rows !== expected.rows || factors !== expected.factors) {
    throw new RangeError(
      `Cannot read factor rows as their shape must be (${expected.rows}, ${expected.factors}): current shape is (${rows}, ${factors})`,
    )
  }
  const values = reader.float32(rows * factors)
  reader.end()
  return values
}

/** A Gramian, or partials of one, as bytes: shape (values), then the values in 64 bits; see `encodeModel`. */
export function encodeGramian(values: Float64Array): Uint8Array {
  return encodeModel({ kind: 'gramian', shape: [values.length], arrays: [values] })
}

/** The values that `encodeGramian` wrote. @throws RangeError when the bytes are no Gramian of this version */
export function decodeGramian(bytes: Uint8Array): Float64Array {
  const reader = decodeModel(bytes, { kind: 'gramian', dimensions: 1 })
  const values = reader.float64(reader.shape[0] ?? 0)
  reader.end()
  return values
}
