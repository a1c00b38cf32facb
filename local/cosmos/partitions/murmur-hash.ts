// The upper half of the 64-bit number that the last arithmetic function gave; its lower half is what it returned.
let upper = 0

/**
 * MurmurHash3, x64 flavour, 128 bits with seed 0, as four words: of h1 the upper and lower half, then those of h2.
 * 64-bit arithmetic is done in halves, without BigInt and without objects, because every write of an item hashes its key.
 * Source: Austin Appleby, MurmurHash3 (public domain), MurmurHash3_x64_128.
 */
export function murmurHash128(bytes: Buffer): [number, number, number, number] {
  const { length } = bytes
  let [h1, l1, h2, l2] = [0, 0, 0, 0]
  const blocks = length - (length % 16)
  for (let at = 0; at < blocks; at += 16) {
    l1 ^= mixFirst(bytes.readInt32LE(at + 4), bytes.readInt32LE(at))
    h1 ^= upper
    l1 = rotate(h1, l1, 27)
    l1 = add(upper, l1, h2, l2)
    l1 = multiply(upper, l1, 0, 5)
    l1 = add(upper, l1, 0, 0x52dce729)
    h1 = upper
    l2 ^= mixSecond(bytes.readInt32LE(at + 12), bytes.readInt32LE(at + 8))
    h2 ^= upper
    l2 = rotate(h2, l2, 31)
    l2 = add(upper, l2, h1, l1)
    l2 = multiply(upper, l2, 0, 5)
    l2 = add(upper, l2, 0, 0x38495ab5)
    h2 = upper
  }
  if (length - blocks > 8) {
    l2 ^= mixSecond(word(bytes, blocks + 12), word(bytes, blocks + 8))
    h2 ^= upper
  }
  if (length > blocks) {
    l1 ^= mixFirst(word(bytes, blocks + 4), word(bytes, blocks))
    h1 ^= upper
  }
  l1 = add(h1, l1 ^ length, h2, l2 ^ length)
  h1 = upper
  l2 = add(h2, l2 ^ length, h1, l1)
  h2 = upper
  l1 = finish(h1, l1)
  h1 = upper
  l2 = finish(h2, l2)
  h2 = upper
  l1 = add(h1, l1, h2, l2)
  h1 = upper
  l2 = add(h2, l2, h1, l1)
  h2 = upper
  return [h1 >>> 0, l1 >>> 0, h2 >>> 0, l2 >>> 0]
}

/** MurmurHash3, x86 flavour, 32 bits with seed 0. Source: as above, MurmurHash3_x86_32. */
export function murmurHash32(bytes: Buffer): number {
  const { length } = bytes
  let hash = 0
  const blocks = length - (length % 4)
  for (let at = 0; at < blocks; at += 4) {
    hash ^= scramble(bytes.readInt32LE(at))
    hash = (hash << 13) | (hash >>> 19)
    hash = (Math.imul(hash, 5) + 0xe6546b64) | 0
  }
  hash ^= scramble(word(bytes, blocks))
  hash ^= length
  hash ^= hash >>> 16
  hash = Math.imul(hash, 0x85ebca6b)
  hash ^= hash >>> 13
  hash = Math.imul(hash, 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

function scramble(block: number): number {
  const mixed = Math.imul(block, 0xcc9e2d51)
  return Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593)
}

// Four bytes from `at` on, those beyond the end being 0.
function word(bytes: Buffer, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24)
}

function mixFirst(high: number, low: number): number {
  const mixed = multiply(high, low, 0x87c37b91, 0x114253d5)
  const rotatedLow = rotate(upper, mixed, 31)
  return multiply(upper, rotatedLow, 0x4cf5ad43, 0x2745937f)
}

function mixSecond(high: number, low: number): number {
  const mixed = multiply(high, low, 0x4cf5ad43, 0x2745937f)
  const rotatedLow = rotate(upper, mixed, 33)
  return multiply(upper, rotatedLow, 0x87c37b91, 0x114253d5)
}

function finish(high: number, low: number): number {
  let mixed = multiply(high, low ^ (high >>> 1), 0xff51afd7, 0xed558ccd)
  mixed = multiply(upper, mixed ^ (upper >>> 1), 0xc4ceb9fe, 0x1a85ec53)
  return mixed ^ (upper >>> 1)
}

function add(high1: number, low1: number, high2: number, low2: number): number {
  const low = (low1 >>> 0) + (low2 >>> 0)
  upper = (high1 + high2 + (low > 0xffffffff ? 1 : 0)) | 0
  return low | 0
}

// The lower halves are multiplied by 16-bit digits, so that no product leaves the exact range of a double.
function multiply(high1: number, low1: number, high2: number, low2: number): number {
  const [a1, a0, b1, b0] = [low1 >>> 16, low1 & 0xffff, low2 >>> 16, low2 & 0xffff]
  const p00 = a0 * b0
  const p01 = a0 * b1
  const p10 = a1 * b0
  const middle = (p00 >>> 16) + (p01 & 0xffff) + (p10 & 0xffff)
  const carried = a1 * b1 + (p01 >>> 16) + (p10 >>> 16) + (middle >>> 16)
  upper = (carried + Math.imul(high1, low2) + Math.imul(low1, high2)) | 0
  return (middle << 16) | (p00 & 0xffff)
}

function rotate(high: number, low: number, by: number): number {
  if (by < 32) {
    upper = (high << by) | (low >>> (32 - by))
    return (low << by) | (high >>> (32 - by))
  }
  const rest = by - 32
  upper = (low << rest) | (high >>> (32 - rest))
  return (high << rest) | (low >>> (32 - rest))
}
