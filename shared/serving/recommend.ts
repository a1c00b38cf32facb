import type { PlacementName, SourceName } from '../schemas/placements.ts'
import type { LivePointer } from '../schemas/published.ts'
import type { Ask } from '../sources/source.ts'
import { newestMoment, tasteOf } from '../sources/taste.ts'
import { type Asked, askOf } from './ask.ts'
import type { ListRequest } from './list-request.ts'
import type { ListTrace } from './list-trace.ts'
import { backfilled, proposed } from './propose.ts'
import type { ReasonFacts } from './reasons/reason-of.ts'
import { explainTaste } from './reasons/taste-reason.ts'
import type { Recommendation } from './recommendation.ts'
import type { Shop } from './shop.ts'

export interface RecommendedList {
  items: Recommendation[]
  placement: PlacementName
  live: LivePointer | undefined
  /** What the items' reasons are told with. */
  facts: ReasonFacts
  /** Whether something is left for a next page. */
  more: boolean
  /** Seconds from the newest of the user's events that the list's taste knows of to the newest that is known at all. */
  secondsBehind: number
}

/**
 * The list of a placement: candidates of its sources, blended; what may not be listed left out; filled up until it is as long
 * as asked, as long as the catalogue holds anything that may be listed.
 * @param trace follows how it was made, where that is asked for
 */
export async function recommend(request: ListRequest, shop: Shop, trace?: ListTrace): Promise<RecommendedList> {
  const asked = await askOf(request, shop, trace)
  const { limit, minScore = 0 } = request
  const wanted = limit + 1
  const blended = await proposed(asked, request, trace)
  trace?.after('blend', blended)
  const list = blended.filter(({ itemId, score }) => {
    if (score >= minScore) return true
    trace?.drop(itemId, { stage: 'min_score', detail: `its score of ${score} is below ${minScore}` })
    return false
  })
  const filled = list.length < wanted ? await filledUp(list, { asked, wanted, minScore }, trace) : list
  for (const [place, { itemId }] of filled.entries()) {
    if (place >= limit)
      trace?.drop(itemId, { stage: 'limit', detail: `it is number ${place + 1} of a list of ${limit}` })
  }
  const { live, items } = asked.ask
  const listed = filled.slice(0, limit)
  const owesTaste = listed.some(({ evidence }) => evidence.type === 'taste')
  return {
    ...{ items: listed, placement: request.placement, live, more: filled.length > limit },
    facts: {
      nameOf: itemId => items.get(itemId)?.name ?? itemId,
      taste: owesTaste ? await explainTaste(asked.ask) : undefined,
    },
    secondsBehind: await secondsBehind(asked.ask),
  }
}

/** What is asked of Cosmos at each request is never behind; a list that was made ahead may be. */
async function secondsBehind(ask: Ask): Promise<number> {
  const { candidates, asOf } = await tasteOf(ask)
  return candidates.length === 0 ? 0 : Math.max(0, Math.ceil((newestMoment(ask.user.recent) - asOf) / 1000))
}

/** Asks one source after another for what is missing; later ones are not even asked when earlier ones fill the list. */
async function filledUp(
  list: readonly Recommendation[],
  { asked, wanted, minScore }: { asked: Asked; wanted: number; minScore: number },
  trace: ListTrace | undefined,
): Promise<Recommendation[]> {
  const filled = [...list]
  const taken = new Set(list.map(({ itemId }) => itemId))
  const { ask, placement } = asked
  // Nothing speaks for what is merely there: who asks for a least score does not mean it.
  const last: SourceName[] = minScore > 0 ? [] : ['catalogue']
  for (const source of [...placement.backfill, ...last]) {
    if (filled.length >= wanted) break
    const missing = { ...ask, isWanted: (itemId: string) => !taken.has(itemId) && ask.isWanted(itemId) }
    for (const each of await backfilled(source, missing, trace)) {
      if (filled.length >= wanted) break
      if (taken.has(each.itemId) || each.score < minScore) continue
      taken.add(each.itemId)
      filled.push(each)
    }
  }
  trace?.after('backfill', filled)
  return filled
}
