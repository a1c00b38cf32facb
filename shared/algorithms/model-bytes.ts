interface ModelContent {
  kind: ModelKind
  shape: readonly number[]
  arrays: readonly (Uint32Array | Float32Array)[]
}

type ModelKind = keyof typeof kindCodes

/** Reads a model's arrays in the order they were written. */
interface ModelReader {
  shape: readonly number[]
  uint32: (length: number) => Uint32Array
  float32: (length: number) => Float32Array
  end: () => void
}

const magic = 'SIDECART'
const version = 1
const kindCodes = { 'csr matrix': 1, factors: 2 } as const
const fixedHeaderBytes = magic.length + 3 * 4

/**
 * A model as bytes, all little-endian: the magic `SIDECART`, then as 32-bit words format version, kind, number of
 * dimensions and each dimension, then the arrays one after the other.
 */
export function encodeModel({ kind, shape, arrays }: ModelContent): Uint8Array {
  const words = arrays.reduce((sum, array) => sum + array.length, shape.length)
  const bytes = new Uint8Array(fixedHeaderBytes + 4 * words)
  bytes.set(new TextEncoder().encode(magic))
  const view = new DataView(bytes.buffer)
  let offset = magic.length
  for (const word of [version, kindCodes[kind], shape.length, ...shape]) {
    view.setUint32(offset, word, true)
    offset += 4
  }
  for (const array of arrays) {
    const isFloat = array instanceof Float32Array
    for (let index = 0; index < array.length; index++, offset += 4) {
      if (isFloat) view.setFloat32(offset, array[index]!, true)
      else view.setUint32(offset, array[index]!, true)
    }
  }
  return bytes
}

/**
 * The shape of encoded bytes and a reader of their arrays.
 * @throws RangeError when the bytes are no model, of another version, kind or number of dimensions, too short or too long
 */
export function decodeModel(bytes: Uint8Array, expected: { kind: ModelKind; dimensions: number }): ModelReader {
  const { kind, dimensions } = expected
  const found = new TextDecoder('latin1').decode(bytes.subarray(0, magic.length))
  if (found !== magic) {
    throw new RangeError(`Cannot read ${kind} as the bytes do not begin with ${magic}: they begin with '${found}'`)
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let offset = magic.length
  const need = (words: number, what: string) => {
    const available = bytes.length - offset
    if (4 * words > available) {
      throw new RangeError(`Cannot read ${kind} as ${what} needs ${4 * words} bytes: only ${available} are left`)
    }
  }
  const word = (what: string, allowed?: number) => {
    need(1, what)
    const value = view.getUint32(offset, true)
    if (allowed !== undefined && value !== allowed) {
      throw new RangeError(`Cannot read ${kind} as its ${what} must be ${allowed}: current value is ${value}`)
    }
    offset += 4
    return value
  }
  word('format version', version)
  word('kind', kindCodes[kind])
  word('number of dimensions', dimensions)
  const shape = Array.from({ length: dimensions }, (_, index) => word(`dimension ${index}`))
  return {
    shape,
    uint32: length => {
      need(length, 'an array of integers')
      const array = new Uint32Array(length)
      for (let index = 0; index < length; index++, offset += 4) array[index] = view.getUint32(offset, true)
      return array
    },
    float32: length => {
      need(length, 'an array of numbers')
      const array = new Float32Array(length)
      for (let index = 0; index < length; index++, offset += 4) array[index] = view.getFloat32(offset, true)
      return array
    },
    end: () => {
      const left = bytes.length - offset
      if (left > 0) throw new RangeError(`Cannot read ${kind} as ${left} bytes are left over after its arrays`)
    },
  }
}
