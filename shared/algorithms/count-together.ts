import type { Csr } from './csr.ts'

/**
 * Counts in how many baskets each other item stands with `item`: adds to `together` (all zero before), lists the items
 * met, each once and `item` among them, in `met`, and returns how many they are. `met` has one place more than there are
 * items, as the place behind the last is written too.
 */
export function countTogether(counting: {
  baskets: Csr
  itemBaskets: Csr
  item: number
  together: Uint32Array
  met: Uint32Array
}): number {
  const { baskets, itemBaskets, item, together, met } = counting
  const { indptr, indices } = baskets
  const end = itemBaskets.indptr[item + 1]!
  let metCount = 0
  for (let entry = itemBaskets.indptr[item]!; entry < end; entry++) {
    const basket = itemBaskets.indices[entry]!
    const basketEnd = indptr[basket + 1]!
    for (let line = indptr[basket]!; line < basketEnd; line++) {
      const other = indices[line]!
      const count = together[other]!
      // Written every time and moved on from when it counts: a branch here would be guessed wrong too often.
      met[metCount] = other
      metCount += count === 0 ? 1 : 0
      together[other] = count + 1
    }
  }
  return metCount
}
