import type { Workspace } from '../algorithms/kernels/workspace.ts'
import { topNForUser } from '../algorithms/top-n.ts'
import { TopNHeap } from '../algorithms/top-n-heap.ts'
import { dotRow, type PreparedItems } from '../algorithms/top-n-items.ts'
import { checkShares } from './personal-scores.ts'

export interface PersonalListOptions {
  items: PreparedItems
  /** shape (factors) */
  vector: Float32Array
  /** (item, value above 0) of every item with recent popularity */
  popular: readonly (readonly [item: number, value: number])[]
  popularityShare: number
  n: number
  /** Only these items are listed, where few can be; each of them is scored. */
  among?: readonly number[] | undefined
}

/**
 * The n best items of one user by what `personalScores` gives without an item-item linear model, of those above 0; best
 * first, the lower item first on ties. Made at once and without scoring every item: an item without popularity is among
 * the n best only if it is so by taste alone, so the kernel's n best and the popular items hold the whole list. Scores are
 * those of `personalScores` to the bit; of items without popularity whose scores at the list's end are apart by rounding
 * alone, the one of more taste is taken. Empty for a zero vector.
 * @throws RangeError when n or the share does not fit or a number is not finite
 */
export function personalList(
  workspace: Workspace,
  options: PersonalListOptions,
): { items: Uint32Array; scores: Float32Array } {
  const { items, vector, popular, popularityShare, n, among } = options
  checkShares({ popularityShare })
  // One at least, as the highest score is what others are measured by.
  const tasted = topNForUser(workspace, {
    items,
    userFactors: vector,
    n: among ? 1 : Math.max(n, 1),
    positiveOnly: true,
  })
  const heap = new TopNHeap(Math.min(n, items.items))
  const tasteScale = tasted.scores.length === 0 ? 0 : (1 - popularityShare) / tasted.scores[0]!
  const isKnown = vector.some(value => value !== 0)
  const added = isKnown ? popularityOf(popular, popularityShare) : new Map<number, number>()
  const offer = (item: number, score: number) => {
    if (Math.fround(score) > 0) heap.offer(item, score)
  }
  const query = Float64Array.from(vector)
  for (const item of among ?? added.keys()) {
    const value = added.get(item) ?? 0
    if (isKnown) offer(item, tasteScale * Math.fround(dotRow(query, items, item)) + value)
  }
  for (const [place, item] of among ? [] : tasted.indices.entries()) {
    if (!added.has(item)) offer(item, tasteScale * tasted.scores[place]!)
  }
  const best = { indices: new Uint32Array(n), scores: new Float32Array(n), offset: 0 }
  const count = heap.drain(best)
  return { items: best.indices.slice(0, count), scores: best.scores.slice(0, count) }
}

/** Popularity scaled so that the highest is the share, in 32 bits as `personalScores` has it. */
function popularityOf(popular: readonly (readonly [number, number])[], share: number): Map<number, number> {
  const values = popular.map(([item, value]): [number, number] => [item, Math.fround(value)])
  const highest = values.reduce((most, [, value]) => Math.max(most, value), 0)
  const scale = highest === 0 ? 0 : share / highest
  return new Map(values.map(([item, value]) => [item, Math.fround(value * scale)]))
}
