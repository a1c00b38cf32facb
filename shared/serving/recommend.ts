import type { PlacementName } from '../schemas/placements.ts'
import type { LivePointer } from '../schemas/published.ts'
import type { Ask } from '../sources/source.ts'
import { newestMoment, tasteAsked } from '../sources/taste.ts'
import { arranged } from './arranged-list.ts'
import { askOf } from './ask.ts'
import type { ListRequest } from './list-request.ts'
import type { ListTrace } from './list-trace.ts'
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
  /** Whether it may have gone by what is known of the user: then that it was shown may be kept. */
  isPersonal: boolean
}

/**
 * The list of a placement, with what its reasons are told with.
 * @param trace follows how it was made, where that is asked for
 */
export async function recommend(request: ListRequest, shop: Shop, trace?: ListTrace): Promise<RecommendedList> {
  const asked = await askOf(request, shop, trace)
  const { items: listed, more } = await arranged(asked, request, trace)
  const { live, items } = asked.ask
  const owesTaste = trace !== undefined || listed.some(({ evidence }) => evidence.type === 'taste')
  return {
    ...{ items: listed, placement: request.placement, live, more },
    facts: {
      nameOf: itemId => items.get(itemId)?.name ?? itemId,
      taste: owesTaste ? await explainTaste(asked.ask) : undefined,
    },
    secondsBehind: await secondsBehind(asked.ask),
    isPersonal: asked.isPersonal,
  }
}

/** What is asked of Cosmos at each request is never behind; taste that was worked out ahead may be, where a list goes by it. */
async function secondsBehind(ask: Ask): Promise<number> {
  const taste = await tasteAsked(ask)
  if (!taste) return 0
  const { candidates, asOf } = taste
  return candidates.length === 0 ? 0 : Math.max(0, Math.ceil((newestMoment(ask.user.recent) - asOf) / 1000))
}
