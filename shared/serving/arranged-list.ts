import type { Placement, SourceName } from '../schemas/placements.ts'
import type { Asked } from './ask.ts'
import { boosts } from './business-rules/boosts.ts'
import { frequencyCap } from './business-rules/frequency-cap.ts'
import { placementRules } from './business-rules/placement-rules.ts'
import { explored } from './explored-list.ts'
import { filledUp, never } from './fill-up.ts'
import type { ListRequest } from './list-request.ts'
import type { ListTrace } from './list-trace.ts'
import { pinnedOn, withPinned } from './pinned-list.ts'
import { backfilled, proposed } from './propose.ts'
import { boosted, spread } from './ranked-list.ts'
import type { Recommendation } from './recommendation.ts'
import { ruleBoosted } from './rule-boost.ts'
import { traceDrops } from './trace-drops.ts'

/**
 * The items of a list: candidates of its sources, blended and boosted; what may not be listed left out; spread, filled up
 * until it is as long as asked, as long as the catalogue holds anything that may be listed; what is pinned put at its
 * place, some places given to chance.
 */
export async function arranged(
  given: Asked,
  request: ListRequest,
  trace?: ListTrace,
): Promise<{ items: Recommendation[]; more: boolean }> {
  const asked = mannersOf(given, request)
  const { ask, placement, about, keptOut } = asked
  const { limit, minScore = 0, shownBefore = 0 } = request
  const wanted = limit + 1
  const rules = placementRules(placement)
  const boostOf = boosts(rules.boosts, about)
  const blended = await proposed(asked, request, trace)
  trace?.after('blend', blended)
  const byRules = await ruleBoosted(blended, { boost: placement.rule_boost, ask })
  if (placement.rule_boost > 0) trace?.after('rule_boost', byRules)
  const proposals = boosted(byRules, boostOf)
  trace?.after('boosts', proposals)
  const isEligible = eligible(minScore, keptOut, trace)
  const isCapped = placement.frequency_cap ? capOf(placement, asked) : never
  const pinned = pinnedOn(rules, asked, { proposals, firstPlace: shownBefore + 1, minScore })
  const taken = new Set([...pinned.values()].map(({ itemId }) => itemId))
  const free = proposals.filter(each => isEligible(each) && !taken.has(each.itemId))
  const spreadOut = spread(
    free.filter(({ itemId }) => !isCapped(itemId)),
    { n: wanted, placement },
  )
  trace?.after('diversity', spreadOut)
  const filled = await filledUp(
    [...spreadOut, ...free.filter(({ itemId }) => isCapped(itemId))],
    {
      ...{ wanted, taken, placement, isCapped, isEligible, ask, backfill: backfillOf(placement, minScore) },
      read: async (source, missing, of) => boosted(await backfilled(source, missing, of), boostOf),
    },
    trace,
  )
  trace?.after('backfill', filled)
  const { list, fixed } = withPinned(filled, pinned)
  const page = list.slice(0, limit)
  const items = isExplored(asked, request) ? explored(page, asked, { request, fixed, isCapped }) : page
  trace?.after('places', items)
  if (trace) traceDrops(trace, { proposals: free, list, items, placement, isCapped })
  return { items, more: list.length > limit }
}

/** Who asks for sources by name wants what they say: the placement's filters hold, as `keptOut` has them, its manners do not. */
function mannersOf(asked: Asked, { sources }: ListRequest): Asked {
  if (!sources) return asked
  const { frequency_cap: _, quota: __, ...placement } = asked.placement
  return {
    ...asked,
    placement: { ...placement, filters: [], boosts: [], pins: [], rule_boost: 0, diversity: 1, exploration: 0 },
  }
}

/**
 * Checked of every item, whoever proposes it: a source may have missed what the catalogue says by now. What is due to be bought
 * again may have been bought.
 */
function eligible(minScore: number, keptOut: Asked['keptOut'], trace: ListTrace | undefined) {
  return ({ itemId, score, contributions }: Recommendation): boolean => {
    const dropped = keptOut(itemId, { buyAgain: contributions.some(({ source }) => source === 'buy_again') })
    if (dropped) trace?.drop(itemId, dropped)
    else if (score >= minScore) return true
    else trace?.drop(itemId, { stage: 'min_score', detail: `Its score of ${score} is below ${minScore}` })
    return false
  }
}

function capOf({ frequency_cap }: Placement, { ask }: Asked): (itemId: string) => boolean {
  return frequencyCap(frequency_cap, { shown: ask.user.profile?.shown, nowMs: ask.nowMs })
}

/** Nothing speaks for what is merely there: who asks for a least score does not mean it. */
function backfillOf({ backfill }: Placement, minScore: number): SourceName[] {
  return minScore > 0 ? backfill : [...backfill, 'catalogue']
}

/** Chance is for first pages, of which all that may be listed is known to be the pool, and not for who asks for a least score. */
function isExplored({ placement }: Asked, { isSeen, minScore = 0 }: ListRequest): boolean {
  return placement.exploration > 0 && isSeen === undefined && minScore === 0
}
