/**
 * The partition an event with this key belongs to: the same key always gives the same partition.
 * The hash is Bob Jenkins' lookup3 (hashlittle2 with both seeds 0), folded to 16 bits as Event Hubs does.
 * Source: Bob Jenkins, "lookup3.c", May 2006.
 */
export function partitionOfKey(partitionKey: string, partitions: number): number {
  const [b, c] = lookup3(Buffer.from(partitionKey, 'utf8'))
  const signed16 = ((b ^ c) << 16) >> 16
  return Math.abs(signed16 % partitions)
}

function lookup3(key: Buffer): [b: number, c: number] {
  const state = new Uint32Array(3).fill(0xdeadbeef + key.length)
  if (key.length === 0) return [at(state, 1), at(state, 2)]
  let start = 0
  for (; key.length - start > 12; start += 12) {
    addBlock(state, key.subarray(start, start + 12))
    mix(state)
  }
  addBlock(state, key.subarray(start))
  final(state)
  return [at(state, 1), at(state, 2)]
}

/** Adds up to 12 bytes, little endian, missing ones as zero, to the three words. */
function addBlock(state: Uint32Array, block: Buffer): void {
  block.forEach((byte, i) => {
    const word = i >> 2
    state[word] = at(state, word) + ((byte << (8 * (i & 3))) >>> 0)
  })
}

const mixRotations = [4, 6, 8, 16, 19, 4]

function mix(state: Uint32Array): void {
  mixRotations.forEach((bits, i) => {
    const [x, y, z] = [i % 3, (i + 1) % 3, (i + 2) % 3]
    state[x] = at(state, x) - at(state, z)
    state[x] = at(state, x) ^ rotate(at(state, z), bits)
    state[z] = at(state, z) + at(state, y)
  })
}

const finalRotations = [14, 11, 25, 16, 4, 14, 24]

function final(state: Uint32Array): void {
  finalRotations.forEach((bits, i) => {
    const [x, y] = [(i + 2) % 3, (i + 1) % 3]
    state[x] = (at(state, x) ^ at(state, y)) - rotate(at(state, y), bits)
  })
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits))
}

function at(state: Uint32Array, word: number): number {
  return state[word] ?? 0
}
