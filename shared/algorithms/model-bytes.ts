type ModelArray = Uint8Array | Uint32Array | Float32Array | Float64Array

interface ModelContent {
  kind: ModelKind
  shape: readonly number[]
  arrays: readonly ModelArray[]
}

type ModelKind = keyof typeof kindCodes

/** Reads a model's arrays in the order they were written. */
interface ModelReader {
  shape: readonly number[]
  uint8: (length: number) => Uint8Array
  uint32: (length: number) => Uint32Array
  float32: (length: number) => Float32Array
  float64: (length: number) => Float64Array
  end: () => void
}

const magic = 'SIDECART'
const version = 1
const kindCodes = {
  'csr matrix': 1,
  factors: 2,
  'name list': 3,
  purchases: 4,
  sales: 5,
  popularity: 6,
  feedback: 7,
  'factor rows': 8,
  gramian: 9,
  'user digests': 10,
  'user flags': 11,
  views: 12,
  times: 13,
  'user histories': 14,
  repurchase: 15,
  segments: 16,
  'user segments': 17,
  itemsets: 17,
} as const

/** Where a model's first array begins: a reader of ranges finds the rest by the shape. */
export const modelHeaderBytes = (dimensions: number): number => magic.length + 4 * (3 + dimensions)

/**
 * A model as bytes, all little-endian: the magic `SIDECART`, then as 32-bit words format version, kind, number of
 * dimensions and each dimension, then the arrays one after the other, each as memory holds it.
 */
export function encodeModel({ kind, shape, arrays }: ModelContent): Uint8Array {
  let offset = modelHeaderBytes(shape.length)
  const bytes = new Uint8Array(arrays.reduce((sum, array) => sum + array.byteLength, offset))
  bytes.set(new TextEncoder().encode(magic))
  const view = new DataView(bytes.buffer)
  for (const [index, word] of [version, kindCodes[kind], shape.length, ...shape].entries()) {
    view.setUint32(magic.length + 4 * index, word, true)
  }
  for (const array of arrays) {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), offset)
    offset += array.byteLength
  }
  return bytes
}

/**
 * The shape that the header of an encoded model tells; the bytes may be those of the header alone.
 * @throws RangeError when the bytes are no model, of another version, kind or number of dimensions, or too short
 */
export function decodeModelShape(bytes: Uint8Array, expected: { kind: ModelKind; dimensions: number }): number[] {
  const { kind, dimensions } = expected
  const found = new TextDecoder('latin1').decode(bytes.subarray(0, magic.length))
  if (found !== magic) {
    throw new RangeError(`Cannot read ${kind} as the bytes do not begin with ${magic}: they begin with '${found}'`)
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const word = (index: number, what: string, allowed?: number) => {
    const offset = magic.length + 4 * index
    checkLeft(kind, { what, needed: 4, left: bytes.length - offset })
    const value = view.getUint32(offset, true)
    if (allowed !== undefined && value !== allowed) {
      throw new RangeError(`Cannot read ${kind} as its ${what} must be ${allowed}: current value is ${value}`)
    }
    return value
  }
  word(0, 'format version', version)
  word(1, 'kind', kindCodes[kind])
  word(2, 'number of dimensions', dimensions)
  return Array.from({ length: dimensions }, (_, index) => word(3 + index, `dimension ${index}`))
}

/**
 * The shape of encoded bytes and a reader of their arrays, which share the memory of the bytes where these are aligned
 * for them.
 * @throws RangeError when the bytes are no model, of another version, kind or number of dimensions, too short or too long
 */
export function decodeModel(bytes: Uint8Array, expected: { kind: ModelKind; dimensions: number }): ModelReader {
  const { kind, dimensions } = expected
  let offset = modelHeaderBytes(dimensions)
  const take = (width: number, length: number) => {
    const needed = width * length
    checkLeft(kind, { what: `an array of ${length}`, needed, left: bytes.length - offset })
    offset += needed
    return aligned(bytes.subarray(offset - needed, offset), width)
  }
  return {
    shape: decodeModelShape(bytes, expected),
    uint8: length => take(1, length),
    uint32: length => asUint32(take(4, length)),
    float32: length => asFloat32(take(4, length)),
    float64: length => asFloat64(take(8, length)),
    end: () => {
      const left = bytes.length - offset
      if (left > 0) throw new RangeError(`Cannot read ${kind} as ${left} bytes are left over after its arrays`)
    },
  }
}

/** Little-endian bytes as the numbers they hold, in the same memory where that is aligned. */
export const asUint32 = (bytes: Uint8Array): Uint32Array => {
  const { buffer, byteOffset, byteLength } = aligned(bytes, 4)
  return new Uint32Array(buffer, byteOffset, byteLength / 4)
}
export const asFloat32 = (bytes: Uint8Array): Float32Array => {
  const { buffer, byteOffset, byteLength } = aligned(bytes, 4)
  return new Float32Array(buffer, byteOffset, byteLength / 4)
}
const asFloat64 = (bytes: Uint8Array): Float64Array => {
  const { buffer, byteOffset, byteLength } = aligned(bytes, 8)
  return new Float64Array(buffer, byteOffset, byteLength / 8)
}

function aligned(bytes: Uint8Array, width: number): Uint8Array {
  return bytes.byteOffset % width === 0 ? bytes : new Uint8Array(bytes)
}

function checkLeft(kind: ModelKind, { what, needed, left }: { what: string; needed: number; left: number }): void {
  if (needed <= left) return
  throw new RangeError(`Cannot read ${kind} as ${what} needs ${needed} bytes: only ${Math.max(0, left)} are left`)
}
