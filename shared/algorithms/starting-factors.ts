/** The standard deviation of a starting vector's length; small, so that the first half-step is nearly a plain sum. */
const startingLength = 0.1

/**
 * Vectors to start from, shape (to - from, factors), uniform in a cube around zero. A vector depends on the seed and on
 * its row alone, so parts of a side can be made anywhere.
 * @param side rows from `from` to `to` - 1; seed is any safe integer
 */
export function startingFactors({
  factors,
  seed,
  from,
  to,
}: {
  factors: number
  seed: number
  from: number
  to: number
}): Float32Array {
  if (!Number.isSafeInteger(seed)) {
    throw new RangeError(`Cannot start factors as seed must be a safe integer: current value is ${seed}`)
  }
  const values = new Float32Array((to - from) * factors)
  // A word uniform below 2³², less 2³¹, has the standard deviation 2³¹ / √3.
  const scale = (startingLength * Math.sqrt(3 / factors)) / 2 ** 31
  const key = mixed(mixed(seed | 0) ^ Math.floor(seed / 2 ** 32))
  for (let place = 0; place < values.length; place++) {
    values[place] = scale * mixed(key + Math.imul(from * factors + place + 1, 0x9e3779b9))
  }
  return values
}

/** The 32-bit finalizer of MurmurHash3, a permutation of words (Appleby, public domain; written from its constants). */
function mixed(word: number): number {
  const first = Math.imul(word ^ (word >>> 16), 0x85ebca6b)
  const second = Math.imul(first ^ (first >>> 13), 0xc2b2ae35)
  return second ^ (second >>> 16)
}
