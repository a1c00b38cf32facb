/**
 * 48 bits of a name, as a whole number below 2^48: of a million names, two fall together with a probability of 0.002.
 * Two lanes of MurmurHash3 over UTF-16 units, with constants of their own. Not for secrets.
 * Source: Appleby, MurmurHash3 (public domain), its 32-bit body and finalizer; written anew.
 */
export function nameHash(name: string): number {
  let high = 0x9747b28c
  let low = 0x5bd1e995
  for (let index = 0; index < name.length; index++) {
    const unit = name.charCodeAt(index)
    high = Math.imul(turned(high ^ Math.imul(turned(Math.imul(unit, 0xcc9e2d51), 15), 0x1b873593), 13), 5) + 0xe6546b64
    low = Math.imul(turned(low ^ Math.imul(turned(Math.imul(unit, 0x239b961b), 16), 0xab0e9789), 18), 5) + 0x561ccd1b
  }
  return (mixed(high ^ name.length) >>> 0) * 2 ** 16 + (mixed(low ^ name.length) >>> 16)
}

function turned(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits))
}

function mixed(word: number): number {
  let mix = word ^ (word >>> 16)
  mix = Math.imul(mix, 0x85ebca6b)
  mix ^= mix >>> 13
  mix = Math.imul(mix, 0xc2b2ae35)
  return mix ^ (mix >>> 16)
}
