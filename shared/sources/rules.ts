import { eventTypes } from '../schemas/interaction.ts'
import type { RuleTail } from '../schemas/published.ts'
import { atRepublish } from '../training/increment/stages-due.ts'
import { itemsetsStage } from '../training/itemsets-stage.ts'
import { rulesStage } from '../training/rules-stage.ts'
import type { Reads } from './reads.ts'
import type { Ask, Candidate, Source } from './source.ts'

/** Items of a cart whose rules are read, all at once. */
const cartItemsMax = 50
/** Latest purchases that stand for a cart where there is none. */
const purchasesMax = 10

/** What goes with the whole cart, or with what the user bought last, by association rules (M02). */
export const rules: Source = {
  name: 'rules',
  rung: 'session',
  build: options => [atRepublish(itemsetsStage(options)), atRepublish(rulesStage(options))],
  read: async ask => {
    const { live, reads, seeds } = ask
    if (!live) return []
    const cart = seeds.length > 0 ? seeds : latestPurchases(ask)
    const held = await rulesThatHold({ reads, generation: live.generation, cart })
    const wanted = held.filter(([, rhs]) => ask.isWanted(rhs))
    const most = wanted[0]?.[3] ?? 1
    return wanted.map(
      ([lhs, itemId, support, confidence, lift]): Candidate => ({
        itemId,
        score: confidence / most,
        evidence: { type: 'rule', lhs, support, confidence, lift },
      }),
    )
  },
}

/**
 * One rule for each item that the cart leads to, by confidence: of those whose whole left side is in the cart the longest, as
 * it knows most of the cart; of several of one length the most confident. The cart's own items are not among them.
 */
export async function rulesThatHold({
  cart,
  generation,
  reads,
}: {
  cart: readonly string[]
  generation: number
  reads: Pick<Reads, 'rules'>
}): Promise<RuleTail[]> {
  const own = new Set<string>(cart.slice(0, cartItemsMax))
  const lists = await Promise.all([...own].map(itemId => reads.rules(itemId, generation)))
  const best = new Map<string, RuleTail>()
  for (const rule of lists.flat()) {
    const [lhs, rhs, , confidence] = rule
    if (own.has(rhs) || !lhs.every(itemId => own.has(itemId))) continue
    const before = best.get(rhs)
    if (!before || lhs.length > before[0].length || (lhs.length === before[0].length && confidence > before[3]))
      best.set(rhs, rule)
  }
  return [...best.values()].sort((a, b) => b[3] - a[3] || b[4] - a[4] || (a[1] < b[1] ? -1 : 1))
}

/** The items bought last, newest first: what the stream tells, then what the published lists know. */
function latestPurchases({ user }: Pick<Ask, 'user'>): string[] {
  const bought = user.recent.filter(([, code]) => eventTypes[code] === 'purchase').map(([itemId]) => itemId)
  const known = (user.lists?.purchases ?? []).map(([itemId]) => itemId)
  return [...new Set([...bought.reverse(), ...known])].slice(0, purchasesMax)
}
