import { convictionOf, leverageOf } from '../algorithms/association-rules.ts'
import type { Item } from '../schemas/catalogue.ts'
import type { Shop } from './shop.ts'

export interface Rule {
  lhs: Item[]
  rhs: Item
  support: number
  confidence: number
  lift: number
  leverage: number
  /** Infinity when the rule never fails. */
  conviction: number
}

/**
 * Association rules that have the item on their left side, by confidence, then lift. Rules with an item that is not in the
 * catalogue are left out.
 */
export async function rulesOf(
  itemId: string,
  {
    limit,
    minConfidence = 0,
    minLift = 0,
  }: { limit: number; minConfidence?: number | undefined; minLift?: number | undefined },
  shop: Shop,
): Promise<Rule[]> {
  const [{ items }, live] = await Promise.all([shop.catalogue(), shop.live()])
  const tails = live ? await shop.rules(itemId, live.generation) : []
  return tails
    .flatMap(([ids, rhsId, support, confidence, lift]): Rule[] => {
      const lhs = ids.flatMap(id => items.get(id) ?? [])
      const rhs = items.get(rhsId)
      if (!rhs || lhs.length < ids.length || confidence < minConfidence || lift < minLift) return []
      const measures = { support, confidence, lift }
      return [{ lhs, rhs, ...measures, leverage: leverageOf(measures), conviction: convictionOf(measures) }]
    })
    .slice(0, limit)
}
