/** Draws the next number of a sequence, uniform in [0, 1). */
export type Random = () => number

/**
 * A reproducible source of numbers uniform in [0, 1), each with 53 random bits: xoshiro128++ whose state is filled from
 * the seed by splitmix32 (Weyl sequence through the MurmurHash3 finalizer). Not for secrets.
 * Source: Blackman, Vigna, "Scrambled linear pseudorandom number generators", ACM TOMS 2021.
 * @param seed any safe integer; different seeds give unrelated sequences
 * @throws RangeError when the seed is not a safe integer
 */
export function seededRandom(seed: number): Random {
  if (!Number.isSafeInteger(seed)) {
    throw new RangeError(`Cannot seed random numbers as seed must be a safe integer: current value is ${seed}`)
  }
  const low = splitmix32(seed >>> 0)
  const high = splitmix32(Math.floor(seed / 2 ** 32) >>> 0)
  const next = xoshiro128(Uint32Array.of(low(), low() ^ high(), low(), low() ^ high()))
  return () => ((next() >>> 5) * 2 ** 26 + (next() >>> 6)) / 2 ** 53
}

/**
 * One draw from the normal distribution with mean 0 and variance 1; takes two numbers from `random`.
 * Source: Box, Muller, Annals of Mathematical Statistics 1958.
 */
export function gaussian(random: Random): number {
  // 1 - u lies in (0, 1], so the logarithm is finite.
  const radius = Math.sqrt(-2 * Math.log(1 - random()))
  return radius * Math.cos(2 * Math.PI * random())
}

/**
 * The 32-bit sequence of xoshiro128++, for a state of four words of which at least one is not zero.
 * Source: https://prng.di.unimi.it/xoshiro128plusplus.c (public domain); written anew from the paper's description.
 */
export function xoshiro128(state: Uint32Array): () => number {
  let [a = 0, b = 0, c = 0, d = 0] = state
  if ((a | b | c | d) === 0) a = 1
  return () => {
    const result = (rotateLeft((a + d) >>> 0, 7) + a) >>> 0
    const shifted = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    d = rotateLeft(d, 11)
    return result
  }
}

function rotateLeft(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits))
}

function splitmix32(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x9e3779b9) | 0
    let mixed = state ^ (state >>> 16)
    mixed = Math.imul(mixed, 0x85ebca6b)
    mixed ^= mixed >>> 13
    mixed = Math.imul(mixed, 0xc2b2ae35)
    return (mixed ^ (mixed >>> 16)) >>> 0
  }
}
