/**
 * Positions sorted by their key, stably: those of one key stay in the order they were in.
 * Source: Knuth, TAOCP vol. 3, 5.2, algorithm D.
 * @param keyOf a key for each position, an integer from 0 to `keys` - 1
 * @param before the order to begin with; without it, 0, 1, 2 …
 */
export function countingOrder(keyOf: ArrayLike<number>, keys: number, before?: Uint32Array): Uint32Array {
  const next = new Uint32Array(keys + 1)
  for (let position = 0; position < keyOf.length; position++) next[keyOf[position]! + 1]! += 1
  for (let key = 0; key < keys; key++) next[key + 1]! += next[key]!
  const sorted = new Uint32Array(keyOf.length)
  for (let place = 0; place < keyOf.length; place++) {
    const position = before ? before[place]! : place
    const key = keyOf[position]!
    sorted[next[key]!++] = position
  }
  return sorted
}
