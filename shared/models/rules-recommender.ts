import type { AssociationRule } from '../algorithms/association-rules.ts'
import { frequentItemsets } from '../algorithms/fp-growth.ts'
import { minCountOf } from '../algorithms/min-count.ts'
import { rankedBaskets } from '../algorithms/ranked-baskets.ts'
import { rulesPerItem } from '../algorithms/rules-per-item.ts'
import type { TrainingOptions } from '../training/options.ts'
import { latestItems } from './latest-items.ts'
import type { Recommender, TrainingSet } from './recommender.ts'

/** As the refresh mines: a pair bought together once is chance, and so many rules of an item are kept. */
const togetherMin = 2
const rulesPerItemMax = 50
/** As a request reads them: items of a cart, and latest items that stand for one. */
const cartItemsMax = 50
const latestItemsMax = 10

/** One rule for each item that what a user has leads to, by confidence; a longer left side that holds beats a shorter. */
export function rulesRecommender(
  set: TrainingSet,
  { minSupport, minConfidence, minLift, maxLength }: TrainingOptions['rules'],
): Recommender {
  const { train, baskets = train } = set
  const minCount = Math.max(togetherMin, minCountOf(minSupport, baskets.rows))
  const itemsets = frequentItemsets(
    { ...rankedBaskets(baskets, minCount), rows: baskets.rows },
    { minCount, maxLength },
  )
  const rulesOf = new Map<number, AssociationRule[]>()
  const kept = rulesPerItem(itemsets, { minConfidence, minLift, rulesPerItem: rulesPerItemMax })
  for (const [rank, rules] of kept.entries()) rulesOf.set(itemsets.items[rank]!, rules)
  const latest = latestItems(set)
  const cartMax = set.histories ? cartItemsMax : latestItemsMax
  return {
    ...{ algorithm: 'rules', parameters: { minSupport, minConfidence, minLift, maxLength } },
    scoreItems: (user, scores) => {
      scores.fill(0)
      const cart = new Set(latest.of(user, cartMax))
      const best = new Map<number, AssociationRule>()
      for (const rule of [...cart].flatMap(item => rulesOf.get(item) ?? [])) {
        if (cart.has(rule.rhs) || !rule.lhs.every(item => cart.has(item))) continue
        const before = best.get(rule.rhs)
        const isBetter = !before || rule.lhs.length > before.lhs.length
        if (isBetter || (rule.lhs.length === before.lhs.length && rule.confidence > before.confidence)) {
          best.set(rule.rhs, rule)
        }
      }
      for (const [item, { confidence }] of best) scores[item] = confidence
      return best.size > 0
    },
  }
}
