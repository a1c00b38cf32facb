import {
  type AssociationRule,
  byStrength,
  type FoundRule,
  type RuleThresholds,
  ruleOf,
  visitRules,
} from './association-rules.ts'
import { type ItemsetIndex, type Itemsets, itemsetIndex } from './itemsets.ts'
import { TopNHeap } from './top-n-heap.ts'

/**
 * For each rank the rules that have its item on the left side, by strength; where there are more than rulesPerItem, those
 * that gain most.
 *
 * A rule gains what it promises beyond the best of the rules that follow from it, in baskets: count - lhsCount x c, where c
 * is the highest confidence of the right side after any part of the left side, the empty one included. A longer rule that
 * gains nothing is redundant (Bayardo, Agrawal, Gunopulos, ICDE 1999, "improvement") and left out: the shorter one holds
 * whenever it does. Rules of rare left sides gain little however confident they are, as they seldom hold.
 */
export function rulesPerItem(
  itemsets: Itemsets,
  { rulesPerItem, ...thresholds }: Omit<RuleThresholds, 'minLength'> & { rulesPerItem: number },
): AssociationRule[][] {
  const index = itemsetIndex(itemsets)
  const heaps = Array.from(itemsets.items, () => new TopNHeap(rulesPerItem))
  const kept: AssociationRule[][] = heaps.map(() => [])
  // A heap holds numbers: first the best are chosen, and then only those are written out.
  let rules = 0
  const chosen = new Map<number, number[]>()
  const visitUseful = (visit: (found: FoundRule, gain: number) => void): void =>
    visitRules(itemsets, thresholds, found => {
      const gain = gainOf(found, itemsets, index)
      if (gain > 0 || found.lhs.length === 1) visit(found, gain)
    })
  visitUseful(({ lhs }, gain) => {
    for (const rank of lhs) heaps[rank]!.offer(rules, gain)
    rules += 1
  })
  const drained = { indices: new Uint32Array(rulesPerItem), scores: new Float32Array(rulesPerItem), offset: 0 }
  for (const [rank, heap] of heaps.entries()) {
    const count = heap.drain(drained)
    for (const rule of drained.indices.subarray(0, count)) chosen.set(rule, [...(chosen.get(rule) ?? []), rank])
  }
  let at = 0
  visitUseful(found => {
    const ranks = chosen.get(at++)
    if (ranks === undefined) return
    const rule = ruleOf(found, itemsets)
    for (const rank of ranks) kept[rank]!.push(rule)
  })
  for (const own of kept) own.sort(byStrength)
  return kept
}

/** Baskets that a rule promises beyond what its right side after any part of its left side does. */
function gainOf({ lhs, rhs, count, lhsCount }: FoundRule, { counts, baskets }: Itemsets, index: ItemsetIndex): number {
  // The best confidence as a fraction of counts: what is equal compares as equal.
  let [hits, of] = [counts[rhs]!, baskets]
  // Every part of the left side but the whole, as a mask.
  for (let part = 1; part < 2 ** lhs.length - 1; part++) {
    let without = -1
    let withRight = -1
    let isRightIn = false
    for (const [place, rank] of lhs.entries()) {
      if (((part >>> place) & 1) === 0) continue
      if (!isRightIn && rank < rhs) {
        withRight = stepTo(withRight, rhs, index)
        isRightIn = true
      }
      without = stepTo(without, rank, index)
      withRight = stepTo(withRight, rank, index)
    }
    if (!isRightIn) withRight = stepTo(withRight, rhs, index)
    if (counts[withRight]! * of > hits * counts[without]!) [hits, of] = [counts[withRight]!, counts[without]!]
  }
  return (count * of - lhsCount * hits) / of
}

/** The set with one item more; a rank alone is a set of its own number. */
function stepTo(set: number, rank: number, { childOf }: ItemsetIndex): number {
  return set === -1 ? rank : childOf(set, rank)
}
