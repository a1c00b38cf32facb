/**
 * Itemsets as a tree: set n is set `parents[n]` and one more frequent item beside it. Items are told by rank, the most
 * frequent of all first, so that the way from the root to a set names its items from the least frequent to the most.
 */
export interface Itemsets {
  /** baskets that were counted, also empty ones */
  baskets: number
  /** every set in at least so many baskets is there, and no other */
  minCount: number
  /** item by rank, as the baskets number it; set r, for each rank r, is that item alone */
  items: Uint32Array
  /** -1 for sets of one item; else a set before this one. The children of a set stand together, by rank. */
  parents: Int32Array
  /** the rank of the item that is not in the parent */
  lasts: Uint32Array
  /** baskets that hold the set */
  counts: Uint32Array
}

/** Finds sets among `Itemsets` by what they hold. */
export interface ItemsetIndex {
  /** The set of a set's items and a more frequent one, of smaller rank; -1 when it is none of the sets. */
  childOf: (set: number, rank: number) => number
}

/** Looks sets up in the logarithm of their siblings' number; takes 8 bytes a set. */
export function itemsetIndex({ parents, lasts }: Pick<Itemsets, 'parents' | 'lasts'>): ItemsetIndex {
  const firsts = new Uint32Array(parents.length)
  const ends = new Uint32Array(parents.length)
  for (let set = 0; set < parents.length; set++) {
    const parent = parents[set]!
    if (parent === -1) continue
    if (ends[parent] === 0) firsts[parent] = set
    ends[parent] = set + 1
  }
  const childOf = (set: number, rank: number): number => {
    let low = firsts[set]!
    let high = ends[set]!
    while (low < high) {
      const middle = (low + high) >>> 1
      if (lasts[middle]! < rank) low = middle + 1
      else high = middle
    }
    return low < ends[set]! && lasts[low] === rank ? low : -1
  }
  return { childOf }
}

/** How many of the sets have 1, 2, 3 … items. */
export function itemsetLengths({ parents }: Pick<Itemsets, 'parents'>): number[] {
  const lengths = new Uint8Array(parents.length)
  const found: number[] = []
  for (let set = 0; set < parents.length; set++) {
    const parent = parents[set]!
    const length = parent === -1 ? 1 : lengths[parent]! + 1
    lengths[set] = length
    found[length - 1] = (found[length - 1] ?? 0) + 1
  }
  return found
}
