import type { Itemsets } from './itemsets.ts'
import { decodeModel, encodeModel } from './model-bytes.ts'

/**
 * The sets of several ranges of groups together, in the order given; exact for the highest count that one of them was searched
 * with, or for a higher one where there are more than maxItemsets of two and more items.
 * @throws RangeError when there are none, or they are not of the same baskets
 */
export function joinItemsets(parts: readonly Itemsets[], maxItemsets: number): Itemsets {
  const [first] = parts
  if (!first || parts.some(({ baskets }) => baskets !== first.baskets)) {
    throw new RangeError(`Cannot join itemsets as all must be of the same baskets: there are ${parts.length} parts`)
  }
  const minCount = leastCount(parts, maxItemsets)
  const isKept = (count: number) => count >= minCount
  const items = first.items.filter((_, rank) => isKept(first.counts[rank]!))
  let size = items.length
  for (const { counts, items: singles } of parts) size += counts.subarray(singles.length).filter(isKept).length
  const parents = new Int32Array(size).fill(-1)
  const lasts = Uint32Array.from({ length: size }, (_, rank) => rank)
  const counts = new Uint32Array(size)
  counts.set(first.counts.subarray(0, items.length))
  let kept = items.length
  for (const part of parts) {
    const movedTo = new Uint32Array(part.counts.length)
    for (let set = 0; set < part.counts.length; set++) {
      const parent = part.parents[set]!
      movedTo[set] = parent === -1 ? set : kept
      if (parent === -1 || !isKept(part.counts[set]!)) continue
      parents[kept] = movedTo[parent]!
      lasts[kept] = part.lasts[set]!
      counts[kept] = part.counts[set]!
      kept += 1
    }
  }
  return { baskets: first.baskets, minCount, items, parents, lasts, counts }
}

/** The least count that all parts are exact for and that leaves no more sets than may be kept. */
function leastCount(parts: readonly Itemsets[], maxItemsets: number): number {
  const minCount = parts.reduce((most, part) => Math.max(most, part.minCount), 1)
  const longer = parts.map(({ counts, items }) => counts.subarray(items.length).filter(count => count >= minCount))
  const found = longer.reduce((sum, { length }) => sum + length, 0)
  if (found <= maxItemsets) return minCount
  const all = new Uint32Array(found)
  longer.reduce((at, counts) => {
    all.set(counts, at)
    return at + counts.length
  }, 0)
  all.sort()
  return all[found - maxItemsets - 1]! + 1
}

/** Itemsets as bytes: shape (baskets, minCount, items, sets), then items, parents, lasts, counts; see `encodeModel`. */
export function encodeItemsets({ baskets, minCount, items, parents, lasts, counts }: Itemsets): Uint8Array {
  const words = new Uint32Array(parents.buffer, parents.byteOffset, parents.length)
  const shape = [baskets, minCount, items.length, counts.length]
  return encodeModel({ kind: 'itemsets', shape, arrays: [items, words, lasts, counts] })
}

/** The itemsets that `encodeItemsets` wrote. @throws RangeError when the bytes are none, or a set stands before its parent */
export function decodeItemsets(bytes: Uint8Array): Itemsets {
  const reader = decodeModel(bytes, { kind: 'itemsets', dimensions: 4 })
  const [baskets = 0, minCount = 0, singles = 0, sets = 0] = reader.shape
  const items = reader.uint32(singles)
  const words = reader.uint32(sets)
  const parents = new Int32Array(words.buffer, words.byteOffset, sets)
  const [lasts, counts] = [reader.uint32(sets), reader.uint32(sets)]
  reader.end()
  for (let set = 0; set < sets; set++) {
    const parent = parents[set]!
    if (set < singles ? parent === -1 : parent >= 0 && parent < set) continue
    throw new RangeError(`Cannot read itemsets as set ${set} must have a parent before it: current value is ${parent}`)
  }
  return { baskets, minCount, items, parents, lasts, counts }
}
