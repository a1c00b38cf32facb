import type { Csr } from './csr.ts'

/**
 * Counts in how many baskets each other item stands with `item`: adds to `together` (all zero before), lists the items
 * met, each once and `item` among them, in `met`, and returns how many they are.
 */
export function countTogether(counting: {
  baskets: Csr
  itemBaskets: Csr
  item: number
  together: Uint32Array
  met: Uint32Array
}): number {
  const { baskets, itemBaskets, item, together, met } = counting
  let metCount = 0
  for (let entry = itemBaskets.indptr[item]!; entry < itemBaskets.indptr[item + 1]!; entry++) {
    const basket = itemBaskets.indices[entry]!
    for (let line = baskets.indptr[basket]!; line < baskets.indptr[basket + 1]!; line++) {
      const other = baskets.indices[line]!
      if (together[other] === 0) met[metCount++] = other
      together[other]! += 1
    }
  }
  return metCount
}
