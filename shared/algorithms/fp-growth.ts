import { growFromMasks, masksItemsMax } from './fp-growth-masks.ts'
import { ItemsetStore } from './itemset-store.ts'
import type { Itemsets } from './itemsets.ts'
import type { RankedBaskets } from './ranked-baskets.ts'

/** What a search is bounded by. */
export interface ItemsetBounds {
  /** baskets a set must be in, an integer ≥ 1 */
  minCount: number
  /** items of a set, at most */
  maxLength?: number
  /** sets of two and more items kept at most; where there are more, the result's minCount is higher than asked */
  maxItemsets?: number
}

/** Counts of pairs held at once, 64 MB of them. */
const pairsAtOnce = 16 * 1024 * 1024

/** A range of ranks: the group of a rank is every set whose least frequent item it is. */
export interface ItemGroups {
  from: number
  to: number
}

/** Baskets that a prefix of items is in, without what is too rare there: items are numbered 0 … by rank. */
interface Conditional {
  ranks: Uint32Array
  entries: Uint32Array
  /** Where the baskets that hold item j begin in `entries`: occurrences[firsts[j]] … occurrences[firsts[j + 1] - 1]. */
  occurrences: Uint32Array
  firsts: Uint32Array
}

interface Search {
  store: ItemsetStore
  maxLength: number
  /** As many zeros as there are items. */
  counts: Uint32Array
  /** For each item of the baskets at hand its number among those kept, or -1. */
  numbers: Int32Array
}

/**
 * All sets of items that stand together in at least minCount baskets, with exact counts. Items alone are given for all
 * ranks, longer sets for those of the groups: the sets of several ranges together are those of all, as a set belongs to the
 * group of its least frequent item alone. No baskets give no sets.
 *
 * Memory is that of the baskets twice over, for the deepest levels together, and 24 bytes for each of maxItemsets at
 * worst: when more are found, the least count rises until they fit, and the result says to what.
 *
 * Source: Han, Pei, Yin, SIGMOD 2000 (growth of prefixes in conditional databases); Li et al., RecSys 2008 (groups); in
 * place of a tree, lists of occurrences: Uno, Kiyomi, Arimura, FIMI 2004 (LCM, "occurrence deliver").
 * @param baskets as `rankedBaskets` makes them for the same minCount
 * @throws RangeError when a bound or the groups do not fit
 */
export function frequentItemsets(
  baskets: RankedBaskets & { rows: number },
  options: ItemsetBounds & { groups?: ItemGroups },
): Itemsets {
  const { rows, items, counts } = baskets
  const { minCount, maxLength = Infinity, maxItemsets = 10_000_000, groups = { from: 0, to: items.length } } = options
  checkBounds({ minCount, maxLength, maxItemsets }, groups, items.length)
  const store = new ItemsetStore({ itemCounts: counts, minCount, maxItemsets })
  const search: Search = {
    ...{ store, maxLength },
    counts: new Uint32Array(items.length),
    numbers: new Int32Array(items.length).fill(-1),
  }
  if (maxLength > 1) growFromBaskets(baskets, groups, search)
  return store.itemsets({ baskets: rows, items })
}

/** Finds the pairs of a group at a time, and the longer sets of those items that have two partners. */
function growFromBaskets({ items, starts, entries }: RankedBaskets, groups: ItemGroups, search: Search): void {
  const { store } = search
  const ranks = Uint32Array.from({ length: items.length }, (_, rank) => rank)
  for (let from = Math.max(1, groups.from); from < groups.to; ) {
    const block = { from, to: blockEnd(from, groups.to) }
    const pairs = pairCounts({ starts, entries }, block)
    const wanted = new Uint8Array(items.length)
    for (let item = from; item < block.to; item++) {
      let partners = 0
      const first = pairsBefore(item) - pairsBefore(from)
      for (let place = first; place < first + item; place++) if (pairs[place]! >= store.minCount) partners += 1
      wanted[item] = partners > 1 ? 1 : 0
    }
    const all = { ranks, entries, ...occurrencesOf(starts, { entries, items: items.length, wanted }) }
    for (let item = from; item < block.to; item++) {
      const first = pairsBefore(item) - pairsBefore(from)
      growItem(all, item, { search, counts: pairs.subarray(first, first + item), slot: item, length: 1 })
    }
    from = block.to
  }
}

/** Pairs of an item and one before it, of all items before `item`. */
function pairsBefore(item: number): number {
  return (item * (item - 1)) / 2
}

function blockEnd(from: number, to: number): number {
  let end = from + 1
  while (end < to && pairsBefore(end + 1) - pairsBefore(from) <= pairsAtOnce) end += 1
  return end
}

/** In how many baskets each item of a block stands with each item before it: row after row. */
function pairCounts(
  { starts, entries }: Pick<RankedBaskets, 'starts' | 'entries'>,
  { from, to }: ItemGroups,
): Uint32Array {
  const counts = new Uint32Array(pairsBefore(to) - pairsBefore(from))
  const before = pairsBefore(from)
  for (let basket = 0; basket + 1 < starts.length; basket++) {
    const start = starts[basket]!
    const end = starts[basket + 1]!
    for (let entry = start + 1; entry < end; entry++) {
      const item = entries[entry]!
      if (item < from) continue
      if (item >= to) break
      const first = (item * (item - 1)) / 2 - before
      for (let other = start; other < entry; other++) counts[first + entries[other]!]! += 1
    }
  }
  return counts
}

/** Finds the sets of a prefix with two items more and longer ones. The prefix with item j is in slot firstSlot + j. */
function grow(all: Conditional, of: { search: Search; firstSlot: number; length: number }): void {
  const { search, firstSlot, length } = of
  const counts = search.counts
  for (let item = 1; item < all.ranks.length; item++) {
    if (!search.store.holds(firstSlot + item)) continue
    countBefore(all, item, counts)
    const own = counts.slice(0, item)
    counts.fill(0, 0, item)
    growItem(all, item, { search, counts: own, slot: firstSlot + item, length })
  }
}

/** Finds the sets of a prefix, which is in a slot and ends with an item, and items before it, with which it has counts. */
function growItem(
  all: Conditional,
  item: number,
  of: { search: Search; counts: Uint32Array; slot: number; length: number },
): void {
  const { search, counts, slot, length } = of
  const { store, numbers, maxLength } = search
  const top = store.top
  const kept: number[] = []
  for (let other = 0; other < item; other++) {
    if (counts[other]! < store.minCount) continue
    store.add(slot, all.ranks[other]!, counts[other]!)
    kept.push(other)
  }
  if (kept.length > 1 && length + 2 <= maxLength) {
    for (let number = 0; number < kept.length; number++) numbers[kept[number]!] = number
    const ranks = Uint32Array.from(kept, other => all.ranks[other]!)
    const baskets = all.firsts[item + 1]! - all.firsts[item]!
    const next = { firstSlot: top, length: length + 1 }
    if (ranks.length <= masksItemsMax && 1 << ranks.length <= Math.max(32, baskets)) {
      const masks = masksOf(all, item, { numbers, items: ranks.length })
      for (const other of kept) numbers[other] = -1
      growFromMasks(masks, { store, maxLength, ranks, ...next })
    } else {
      const entriesMax = kept.reduce((sum, other) => sum + counts[other]!, 0)
      const left = conditional(all, item, { numbers, entriesMax, items: ranks.length })
      for (const other of kept) numbers[other] = -1
      grow({ ranks, ...left }, { search, ...next })
    }
  }
  store.release(top)
}

/** Counts with how many of an item's baskets each item before it shares. */
function countBefore({ entries, occurrences, firsts }: Conditional, item: number, counts: Uint32Array): void {
  const end = firsts[item + 1]!
  for (let occurrence = firsts[item]!; occurrence < end; occurrence++) {
    let entry = occurrences[occurrence]!
    // The item itself ends its part of the basket.
    for (let other = entries[entry]!; other < item; other = entries[++entry]!) counts[other]! += 1
  }
}

/** The baskets of an item, each as the set of its kept items: how many baskets there are of each set. */
function masksOf(
  { entries, occurrences, firsts }: Conditional,
  item: number,
  { numbers, items }: { numbers: Int32Array; items: number },
): Uint32Array {
  const masks = new Uint32Array(1 << items)
  const end = firsts[item + 1]!
  for (let occurrence = firsts[item]!; occurrence < end; occurrence++) {
    let entry = occurrences[occurrence]!
    let mask = 0
    for (let other = entries[entry]!; other < item; other = entries[++entry]!) {
      const number = numbers[other]!
      mask |= number === -1 ? 0 : 1 << number
    }
    masks[mask]! += 1
  }
  return masks
}

/** The baskets of an item with at least two kept items, which are all that is left of them. */
function conditional(
  { entries, occurrences, firsts }: Conditional,
  item: number,
  { numbers, entriesMax, items }: { numbers: Int32Array; entriesMax: number; items: number },
): Omit<Conditional, 'ranks'> {
  const end = firsts[item + 1]!
  const left = new Uint32Array(entriesMax + 1)
  const starts = new Uint32Array(end - firsts[item]! + 1)
  let baskets = 0
  let filled = 0
  for (let occurrence = firsts[item]!; occurrence < end; occurrence++) {
    const start = filled
    let entry = occurrences[occurrence]!
    for (let other = entries[entry]!; other < item; other = entries[++entry]!) {
      const number = numbers[other]!
      left[filled] = number
      filled += number === -1 ? 0 : 1
    }
    if (filled - start < 2) filled = start
    else starts[++baskets] = filled
  }
  const keptEntries = left.slice(0, filled)
  return { entries: keptEntries, ...occurrencesOf(starts.subarray(0, baskets + 1), { entries: keptEntries, items }) }
}

function occurrencesOf(
  starts: Uint32Array,
  { entries, items, wanted }: { entries: Uint32Array; items: number; wanted?: Uint8Array },
): Pick<Conditional, 'occurrences' | 'firsts'> {
  const firsts = new Uint32Array(items + 1)
  for (let entry = 0; entry < entries.length; entry++) {
    const item = entries[entry]!
    firsts[item + 1]! += wanted === undefined ? 1 : wanted[item]!
  }
  for (let item = 0; item < items; item++) firsts[item + 1]! += firsts[item]!
  const next = firsts.slice(0, items)
  const occurrences = new Uint32Array(firsts[items]!)
  for (let basket = 0; basket + 1 < starts.length; basket++) {
    const start = starts[basket]!
    const end = starts[basket + 1]!
    for (let entry = start; entry < end; entry++) {
      const item = entries[entry]!
      if (wanted === undefined || wanted[item] === 1) occurrences[next[item]!++] = start
    }
  }
  return { occurrences, firsts }
}

function checkBounds(bounds: Record<string, number>, { from, to }: ItemGroups, items: number): void {
  for (const [name, bound] of Object.entries(bounds)) {
    if (bound >= 1 && (Number.isInteger(bound) || bound === Infinity)) continue
    throw new RangeError(`Cannot find itemsets as ${name} must be an integer ≥ 1: current value is ${bound}`)
  }
  if (Number.isInteger(from) && Number.isInteger(to) && from >= 0 && from <= to && to <= items) return
  throw new RangeError(
    `Cannot find itemsets as groups must be a range within 0 to ${items}: current values are ${from} and ${to}`,
  )
}
