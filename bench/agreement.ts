import type { Factors } from '../shared/algorithms/als.ts'
import type { Csr } from '../shared/algorithms/csr.ts'
import { dot } from '../shared/algorithms/dot.ts'

/** Lists of item numbers: `width` places a row, of which `countOf(row)` are filled. */
export interface ItemLists {
  width: number
  items: ArrayLike<number>
  countOf: (row: number) => number
}

/** The share of list places that hold what sorting every item gives too, over rows picked evenly. */
export function agreementWithSorting(
  lists: ItemLists,
  { model, exclude, rows }: { model: Factors; exclude: Csr; rows: number },
): number {
  let same = 0
  let places = 0
  for (let picked = 0; picked < rows; picked++) {
    const user = Math.floor((picked * model.users) / rows)
    const sorted = sortedItems(model, exclude, user).slice(0, lists.width)
    places += Math.max(sorted.length, lists.countOf(user))
    for (const [place, item] of sorted.entries()) {
      if (place < lists.countOf(user) && lists.items[user * lists.width + place] === item) same += 1
    }
  }
  return places === 0 ? 1 : same / places
}

/** The share of places of `ours` whose item stands in the same row of `theirs`, wherever: ties and rounding may swap. */
export function sharedItems(
  ours: ItemLists,
  theirs: { width: number; items: ArrayLike<number> },
  rows: number,
): number {
  let shared = 0
  let places = 0
  for (let row = 0; row < rows; row++) {
    const other = new Set<number>()
    for (let place = 0; place < theirs.width; place++) other.add(theirs.items[row * theirs.width + place]!)
    for (let place = 0; place < ours.countOf(row); place++) {
      places += 1
      if (other.has(ours.items[row * ours.width + place]!)) shared += 1
    }
  }
  return places === 0 ? 1 : shared / places
}

function sortedItems({ factors, items, userFactors, itemFactors }: Factors, exclude: Csr, user: number): number[] {
  if (dot(userFactors, user * factors, userFactors, user * factors, factors) === 0) return []
  const excluded = new Set(exclude.indices.subarray(exclude.indptr[user], exclude.indptr[user + 1]))
  // Scores are kept in 32 bits, and what is equal there stands in the items' order.
  return Array.from({ length: items }, (_, item) => ({
    item,
    score: Math.fround(dot(userFactors, user * factors, itemFactors, item * factors, factors)),
  }))
    .filter(({ item }) => !excluded.has(item))
    .sort((a, b) => b.score - a.score || a.item - b.item)
    .map(({ item }) => item)
}
