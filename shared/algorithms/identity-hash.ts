const half = 2 ** 32
const highBits = 2 ** 21

/**
 * 53 bits of a text, as a whole number from 1 to 2^53 - 1, for telling texts apart: of ten million texts any two are the
 * same number with a chance of 1 in 180. Two multiplicative hashes of its UTF-16 units run side by side, the second half
 * of each mixed as MurmurHash3 does. Not for secrets: who wants two texts of one number can find them.
 */
export function identityHash(text: string): number {
  let low = 0x9e3779b9
  let high = 0x85ebca6b
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    low = Math.imul(low ^ unit, 0x01000193)
    high = Math.imul(high ^ unit, 0x5bd1e995)
    high ^= high >>> 15
  }
  low = mixed(low ^ text.length)
  high = mixed(high ^ low)
  return ((high >>> 0) % highBits) * half + (low >>> 0) || 1
}

/** Every bit of the word moves every bit of the result. Source: Appleby, MurmurHash3, finalizer. */
function mixed(word: number): number {
  let bits = word ^ (word >>> 16)
  bits = Math.imul(bits, 0x85ebca6b)
  bits ^= bits >>> 13
  bits = Math.imul(bits, 0xc2b2ae35)
  return bits ^ (bits >>> 16)
}
