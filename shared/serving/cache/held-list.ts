import type { Ports } from '../../ports.ts'
import { guestId } from '../../schemas/ids.ts'
import type { Placement } from '../../schemas/placements.ts'
import { nextEdge } from '../business-rules/open-window.ts'
import type { ListRequest } from '../list-request.ts'
import { mayPersonalize } from '../may-personalize.ts'
import { type RecommendedList, recommend } from '../recommend.ts'
import type { Shop } from '../shop.ts'
import type { CacheLimits, CountRead } from './cache-counts.ts'
import { listedStill } from './listed-still.ts'
import { MadeLists } from './made-lists.ts'
import { recorded } from './recorded-reads.ts'

/** Lists as they were made, in the form in which they are given again. */
export type HeldLists<Made> = MadeLists<Made>

/** So long a list may stand though nothing of its own has changed: what others do, and time alone, move it slowly. */
const ttlMs = 30_000
/** Lists that were made together are not made anew together. */
const spreadMs = 10_000
const spreads = 16
const hourMs = 3_600_000

/** Lists made of what an instance holds, dropped with it. */
export function heldLists<Made>(
  shop: Shop,
  { clock, telemetry, entriesMax, bytesMax }: Pick<Ports, 'clock' | 'telemetry'> & CacheLimits,
): HeldLists<Made> {
  const countRead: CountRead = outcome => telemetry.count('cache_reads_total', { cache: 'made', outcome })
  const lists: HeldLists<Made> = new MadeLists({ entriesMax, bytesMax, clock, countRead })
  shop.held.madeFromIt.add(lists)
  return lists
}

/** By what a list is found again: all that makes it this list, but for what chance is drawn from. */
export function listKey({ seed: _, isSeen: __, ...request }: ListRequest): string {
  return JSON.stringify(request)
}

/**
 * A list as it was made a moment ago, while what it was made from is as it was: the user's documents, the live generation, the
 * placement, the items on it; else one made now. What is left to chance, or goes on from an earlier page, is made each time.
 * @param of.made the form in which it is kept
 * @param of.isWhole tells, once the list is made, whether all of its reads were answered, of one that is nobody's all but those about
 * people: only then it is kept
 */
export async function heldList<Made>(
  request: ListRequest,
  of: {
    shop: Shop
    lists: HeldLists<Made>
    made: (list: RecommendedList) => Made
    bytesOf: (made: Made) => number
    isWhole: (about: { isPersonal: boolean }) => boolean
  },
): Promise<Made> {
  const { shop, lists, made, bytesOf, isWhole } = of
  // What has grown old is asked for before anything is made: mostly nothing has changed.
  const [placements, isPersonal] = await Promise.all([
    shop.placements(),
    mayPersonalize(request, shop),
    ...[shop.live(), shop.catalogue()],
  ])
  const placement = placements[request.placement]
  if (request.isSeen || isLeftToChance(placement)) return made(await recommend(request, shop))
  // Of all who want no list of their own, or of whom that is not known just now, one and the same is made.
  const asked = isPersonal ? request : { ...request, userId: undefined, sessionId: undefined }
  const key = isPersonal ? listKey(asked) : `${listKey(asked)} of nobody`
  const found = lists.get(key)
  if (found) return found
  return lists.make(key, async keep => {
    const at = shop.clock()
    const { shop: recording, holds: readsStillHold } = recorded(shop)
    const list = await recommend(asked, recording)
    const answer = made({ ...list, isPersonal })
    if (!isWhole({ isPersonal })) return answer
    const readsHold = await readsStillHold()
    const isListedStill = listedStill(request, { list, catalogue: await shop.catalogue(), shop })
    const until = Math.min(at + ttlMs - lists.turn(spreads) * (spreadMs / spreads), ruledUntil(placement, request, at))
    const holds = () => isListedStill() && readsHold()
    keep({ made: answer, until, holds, users: usersOf(asked), bytes: bytesOf(answer) })
    return answer
  })
}

function isLeftToChance({ exploration, sources, backfill }: Placement): boolean {
  return exploration > 0 || backfill.includes('exploration') || sources.some(({ source }) => source === 'exploration')
}

/** Whose documents it is made from. */
function usersOf({ userId, sessionId }: ListRequest): string[] {
  const visitor = sessionId === undefined ? undefined : guestId(sessionId)
  return [...new Set([userId, visitor])].filter(id => id !== undefined)
}

/** Until when the placement's rules say the same: to the next edge of one's window, or the full hour where one asks for the hour. */
function ruledUntil({ filters, boosts, pins }: Placement, { filter = '' }: ListRequest, nowMs: number): number {
  const rules = [...filters, ...boosts, ...pins]
  const asksForHour = [filter, ...rules.map(({ expression = '' }) => expression)].some(each =>
    /\$(hour|weekday)\b/.test(each),
  )
  const hour = asksForHour ? Math.floor(nowMs / hourMs + 1) * hourMs : Number.POSITIVE_INFINITY
  return Math.min(hour, nextEdge(rules, nowMs))
}
