import { decodeModel, encodeModel } from './model-bytes.ts'

/** Names without an object for each: name n is the UTF-8 from offsets[n] to offsets[n + 1] - 1, less offsets[0], of `bytes`. */
export interface NameList {
  bytes: Uint8Array
  offsets: Uint32Array
}

// Encoded text has no byte order mark: one that is there belongs to the first name.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

export function nameListOf(names: readonly string[]): NameList {
  const encoder = new TextEncoder()
  const parts = names.map(name => encoder.encode(name))
  const offsets = new Uint32Array(names.length + 1)
  for (const [index, part] of parts.entries()) offsets[index + 1] = offsets[index]! + part.length
  const bytes = new Uint8Array(offsets[names.length]!)
  for (const [index, part] of parts.entries()) bytes.set(part, offsets[index])
  return { bytes, offsets }
}

/** The names as strings, in order. */
export function namesOf({ bytes, offsets }: NameList): string[] {
  const first = offsets[0]!
  const text = decoder.decode(bytes)
  // Where all is ASCII, a byte is a character: cutting one text is faster than decoding each name.
  const isAscii = text.length === bytes.length
  return Array.from({ length: offsets.length - 1 }, (_, name) => {
    const from = offsets[name]! - first
    const to = offsets[name + 1]! - first
    return isAscii ? text.slice(from, to) : decoder.decode(bytes.subarray(from, to))
  })
}

/** The list as bytes: shape (names, bytes), then offsets and bytes; see `encodeModel`. */
export function encodeNameList({ bytes, offsets }: NameList): Uint8Array {
  return encodeModel({ kind: 'name list', shape: [offsets.length - 1, bytes.length], arrays: [offsets, bytes] })
}

/** The list that `encodeNameList` wrote. @throws RangeError when the bytes are no name list of this version */
export function decodeNameList(encoded: Uint8Array): NameList {
  const reader = decodeModel(encoded, { kind: 'name list', dimensions: 2 })
  const [count = 0, length = 0] = reader.shape
  const offsets = reader.uint32(count + 1)
  const bytes = reader.uint8(length)
  reader.end()
  return { bytes, offsets }
}
