import type { ItemsetStore } from './itemset-store.ts'

/** So many items at most: 2^12 counts stay in the processor's cache. */
export const masksItemsMax = 12

interface Prefix {
  store: ItemsetStore
  maxLength: number
  /** Rank by number; bit j of a mask is item j. */
  ranks: Uint32Array
  /** The prefix with item j is in slot firstSlot + j. */
  firstSlot: number
  /** Items of such a set. */
  length: number
}

/**
 * Finds the sets of a prefix with two and more of a few items, where each basket is the mask of those it holds: the counts of
 * all sets at once are sums over supersets, in 2^items x items / 2 additions however many baskets there are.
 * Source: Uno, Kiyomi, Arimura, OSDM 2005 (LCM 3, "complete prefix tree").
 * @param masks baskets by mask, shape (2^items); holds the counts of sets afterwards
 */
export function growFromMasks(masks: Uint32Array, prefix: Prefix): void {
  for (let bit = 1; bit < masks.length; bit <<= 1) {
    for (let block = 0; block < masks.length; block += 2 * bit) {
      for (let mask = block; mask < block + bit; mask++) masks[mask]! += masks[mask + bit]!
    }
  }
  const { store, ranks, firstSlot, length } = prefix
  for (let item = 1; item < ranks.length; item++) {
    if (store.holds(firstSlot + item))
      growMask(masks, { prefix, mask: 1 << item, slot: firstSlot + item, item, length })
  }
}

/** Adds the items before `item` to a set, one and then several. */
function growMask(
  masks: Uint32Array,
  of: { prefix: Prefix; mask: number; slot: number; item: number; length: number },
): void {
  const { prefix, mask, slot, item, length } = of
  const { store, maxLength, ranks } = prefix
  if (length >= maxLength) return
  const top = store.top
  const added: number[] = []
  for (let other = 0; other < item; other++) {
    const count = masks[mask | (1 << other)]!
    if (count < store.minCount) continue
    store.add(slot, ranks[other]!, count)
    added.push(other)
  }
  for (const [place, other] of added.entries()) {
    if (place === 0 || !store.holds(top + place)) continue
    growMask(masks, { prefix, mask: mask | (1 << other), slot: top + place, item: other, length: length + 1 })
  }
  store.release(top)
}
