import type { Csr } from './csr.ts'

/** Baskets of frequent items alone, each item by its rank: the most frequent of all is 0, the lower item first on ties. */
export interface RankedBaskets {
  /** item by rank */
  items: Uint32Array
  /** baskets of each rank's item, falling */
  counts: Uint32Array
  /** where the baskets of two and more frequent items begin in `entries`, and the last one ends */
  starts: Uint32Array
  /** ranks, ascending within a basket */
  entries: Uint32Array
}

/** The items in at least minCount baskets, by falling count, and how many baskets those are. */
export function frequentItems(
  { columns, indices }: Pick<Csr, 'columns' | 'indices'>,
  minCount: number,
): Pick<RankedBaskets, 'items' | 'counts'> {
  const countOf = new Uint32Array(columns)
  for (let entry = 0; entry < indices.length; entry++) countOf[indices[entry]!]! += 1
  const items = Uint32Array.from({ length: columns }, (_, item) => item)
    .filter(item => countOf[item]! >= minCount)
    .sort((a, b) => countOf[b]! - countOf[a]! || a - b)
  return { items, counts: items.map(item => countOf[item]!) }
}

/**
 * Baskets without what is too rare to be in a frequent set with others. Memory: 4 bytes an entry and a basket, beside the
 * baskets given.
 * @param baskets shape (baskets, items); every entry counts once, whatever its value
 */
export function rankedBaskets(baskets: Csr, minCount: number): RankedBaskets {
  const { rows, columns, indptr, indices } = baskets
  const { items, counts } = frequentItems(baskets, minCount)
  const none = items.length
  const rankOf = new Uint32Array(columns).fill(none)
  for (let rank = 0; rank < items.length; rank++) rankOf[items[rank]!] = rank
  const starts = new Uint32Array(rows + 1)
  // One place more, as what is not kept is written too, to be overwritten.
  const entries = new Uint32Array(counts.reduce((sum, count) => sum + count, 0) + 1)
  let kept = 0
  let end = 0
  for (let row = 0; row < rows; row++) {
    const start = end
    const rowEnd = indptr[row + 1]!
    for (let entry = indptr[row]!; entry < rowEnd; entry++) {
      const rank = rankOf[indices[entry]!]!
      entries[end] = rank
      end += rank === none ? 0 : 1
    }
    sortRange(entries, start, end)
    if (end - start < 2) end = start
    else starts[++kept] = end
  }
  return { items, counts, starts: starts.slice(0, kept + 1), entries: entries.slice(0, end) }
}

/** Most baskets are short, and insertion beats all else then. */
function sortRange(entries: Uint32Array, from: number, to: number): void {
  if (to - from > 64) {
    entries.subarray(from, to).sort()
    return
  }
  for (let entry = from + 1; entry < to; entry++) {
    const rank = entries[entry]!
    let place = entry
    while (place > from && entries[place - 1]! > rank) {
      entries[place] = entries[place - 1]!
      place -= 1
    }
    entries[place] = rank
  }
}
