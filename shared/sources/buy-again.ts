import { dueness, type Repurchase } from '../algorithms/repurchase.ts'
import { eventTypes } from '../schemas/interaction.ts'
import { repurchaseStage } from '../training/repurchase-stage.ts'
import { eventsSinceLists } from './seeds.ts'
import type { Ask, Candidate, Source } from './source.ts'

const dayMs = 86_400_000
/** What is less due is not proposed: it was bought just now, or the user has long given it up. */
const duenessMin = 0.1
/** As many purchases make an interval of the user's own … */
const ownTimesMin = 3
/** … of at least so many days: less is one purchase in several lines. */
const ownDaysMin = 0.5

interface Purchase {
  /** Moments of the first and last purchase, ms since 1970. */
  firstAt: number
  lastAt: number
  times: number
}

/**
 * What the user bought and is likely to need again: by how due it is after the item's interval, or the user's own, and by how
 * many buy it again. So it may be listed where nothing else that was bought may.
 */
export const buyAgain: Source = {
  name: 'buy_again',
  rung: 'personal',
  build: () => [repurchaseStage],
  read: async ask => {
    const model = ask.live && ask.reads.model(ask.live)
    const index = model?.indexes?.repurchase
    if (!model || !index) return []
    const found: Candidate[] = []
    for (const [itemId, purchase] of purchasesOf(ask)) {
      const item = model.rowOf.get(itemId)
      if (item === undefined || ask.seeds.includes(itemId) || !ask.isWanted(itemId, { buyAgain: true })) continue
      const { lastAt: at, times } = purchase
      const intervalDays = ownInterval(purchase) ?? index.intervalDays[item] ?? Number.NaN
      const due = dueness((ask.nowMs - at) / dayMs, { intervalDays, spread: index.spread })
      if (!(due >= duenessMin)) continue
      const score = due * againShare(times, item, index)
      found.push({ itemId, score, evidence: { type: 'bought', at, times, intervalDays } })
    }
    found.sort((a, b) => b.score - a.score || (a.itemId < b.itemId ? -1 : 1))
    const best = found[0]?.score ?? 1
    return found.slice(0, ask.n).map(candidate => ({ ...candidate, score: candidate.score / best }))
  },
}

/** Of the times that the user bought it, the share after which it was bought again; of the last, as other users do. */
function againShare(times: number, item: number, { repeatShare }: Repurchase): number {
  return (times - 1 + (repeatShare[item] ?? 0)) / times
}

function ownInterval({ firstAt, lastAt, times }: Purchase): number | undefined {
  if (times < ownTimesMin) return undefined
  const days = (lastAt - firstAt) / dayMs / (times - 1)
  return days < ownDaysMin ? undefined : days
}

/** All purchases of the user by item: those of the published lists, and those since. */
function purchasesOf(ask: Ask): Map<string, Purchase> {
  const purchases = new Map<string, Purchase>()
  for (const [itemId, second, times, first] of ask.user.lists?.purchases ?? []) {
    purchases.set(itemId, { firstAt: (first ?? second) * 1000, lastAt: second * 1000, times })
  }
  for (const [itemId, code, second] of eventsSinceLists(ask)) {
    if (eventTypes[code] !== 'purchase') continue
    const at = second * 1000
    const before = purchases.get(itemId)
    if (!before) purchases.set(itemId, { firstAt: at, lastAt: at, times: 1 })
    else purchases.set(itemId, { ...before, lastAt: Math.max(before.lastAt, at), times: before.times + 1 })
  }
  return purchases
}
