import { createHash } from 'node:crypto'

// Namespace of the ids below, itself a random UUID: the same name gives the same id here and another one elsewhere.
const NAMESPACE = Buffer.from('6f1d3c0a9b7e4d5285c2e07a41f9b836', 'hex')

/** Draws numbers in [0, 1), 32 bits each, from SHA-256 of the seed and a counter: the same seed, the same draws. */
export function seededRandom(seed: string): () => number {
  let block = Buffer.alloc(0)
  let blocks = 0
  let offset = 0
  return () => {
    if (offset === block.length) {
      block = createHash('sha256').update(`${seed} ${blocks}`).digest()
      blocks += 1
      offset = 0
    }
    const draw = block.readUInt32BE(offset) / 2 ** 32
    offset += 4
    return draw
  }
}

/** Gives the UUID that belongs to a name. Source: RFC 9562, section 5.5 (version 5). */
export function uuidOf(name: string): string {
  const bytes = createHash('sha1').update(NAMESPACE).update(name).digest().subarray(0, 16)
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
