import { rules } from '../sources/rules.ts'
import type { Ask } from '../sources/source.ts'
import type { Recommendation } from './recommendation.ts'

/**
 * Adds to the scores of what was proposed what association rules say of it from the cart or the latest purchases: the boost times
 * the rule's confidence (M03). Best first, relative to the best again.
 */
export async function ruleBoosted(
  list: readonly Recommendation[],
  { boost, ask }: { boost: number; ask: Ask },
): Promise<Recommendation[]> {
  if (boost === 0 || list.length === 0) return [...list]
  const found = new Map((await rules.read(ask)).map(({ itemId, evidence }) => [itemId, evidence]))
  const all = list.map(each => {
    const evidence = found.get(each.itemId)
    if (evidence?.type !== 'rule') return each
    const added = boost * evidence.confidence
    const contribution = { source: 'rules', score: evidence.confidence, added, evidence } as const
    return { ...each, score: each.score + added, contributions: [...each.contributions, contribution] }
  })
  const best = Math.max(...all.map(({ score }) => score))
  // Sorting keeps the order of equals.
  return all.map(each => ({ ...each, score: each.score / best })).sort((a, b) => b.score - a.score)
}
