import { diversify } from '../algorithms/diversify.ts'
import type { Placement } from '../schemas/placements.ts'
import type { Boosted } from './business-rules/boosts.ts'
import { itemSimilarity } from './business-rules/item-similarity.ts'
import type { Recommendation } from './recommendation.ts'

/** Scores multiplied by the boosts that hold, best first, relative to the best again. */
export function boosted(
  list: readonly Recommendation[],
  boostOf: (item: Recommendation['item']) => Boosted,
): Recommendation[] {
  const all = list.map(each => {
    const { factor, applied } = boostOf(each.item)
    return applied.length === 0 ? each : { ...each, score: each.score * factor, boosts: applied }
  })
  if (all.every(each => each.boosts === undefined)) return all
  const best = Math.max(...all.map(({ score }) => score))
  // Sorting keeps the order of equals.
  return all.map(each => ({ ...each, score: each.score / best })).sort((a, b) => b.score - a.score)
}

/** The first `n` in the order of maximal marginal relevance; those of a group that has its quota come last. */
export function spread(
  list: readonly Recommendation[],
  { n, placement }: { n: number; placement: Pick<Placement, 'diversity' | 'quota'> },
): Recommendation[] {
  const { diversity: lambda, quota } = placement
  if (lambda === 1 && !quota) return list.slice(0, n)
  const groupOf = quotaGroup(quota)
  const numbers = new Map<string, number>()
  const groups = Int32Array.from(list, ({ item }) => {
    const group = groupOf(item)
    if (group === undefined) return -1
    if (!numbers.has(group)) numbers.set(group, numbers.size)
    return numbers.get(group) ?? -1
  })
  const chosen = diversify(
    Float64Array.from(list, ({ score }) => score),
    {
      ...{ n, lambda, similarity: (a, b) => itemSimilarity(list[a]!.item, list[b]!.item) },
      quota: quota && { groups, max: quota.max },
    },
  )
  return Array.from(chosen, index => list[index]!)
}

/** The group that an item's quota is counted by; an item without a brand is in no group of brands. */
export function quotaGroup(quota: Placement['quota']): (item: Recommendation['item']) => string | undefined {
  if (!quota) return () => undefined
  return quota.by === 'category' ? ({ category }) => category : ({ brand }) => brand
}
