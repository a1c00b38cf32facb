import type { Ports } from '../../ports.ts'
import type { ItemList } from '../../schemas/answers.ts'
import { AppError, type ErrorCode } from '../../schemas/errors.ts'
import type { PlacementName, SourceName } from '../../schemas/placements.ts'
import type { Rung } from '../../schemas/rung.ts'
import { ExpressionError } from '../../serving/business-rules/expression/expression-error.ts'
import { parseExpression } from '../../serving/business-rules/expression/parse-expression.ts'
import { type HeldLists, heldList, listKey } from '../../serving/cache/held-list.ts'
import type { ListRequest } from '../../serving/list-request.ts'
import { ListTrace } from '../../serving/list-trace.ts'
import { oneMoment } from '../../serving/one-moment.ts'
import { lenient, type Without } from '../../serving/outage/lenient.ts'
import { type RecommendedList, recommend } from '../../serving/recommend.ts'
import { type Seen, seenSoFar } from '../../serving/seen.ts'
import type { Shop } from '../../serving/shop.ts'
import type { Answer } from '../endpoint.ts'
import { explanationAnswer } from './explanation-answer.ts'
import type { ImpressionLog } from './impression-log.ts'
import { listAnswer, type WrittenList, writtenList } from './list-answer.ts'

export type ListNeed = {
  shop: Shop
  ports: Pick<Ports, 'uuid' | 'telemetry'>
  impressions: ImpressionLog
  lists?: HeldLists<AnsweredList> | undefined
}

/** What a caller sent of a list, checked: the same by query and by body. */
interface Wishes {
  limit: number
  cursor?: string | undefined
  category?: string | undefined
  category_filter?: string | undefined
  brand?: string | undefined
  price_min?: number | undefined
  price_max?: number | undefined
  channel?: string | undefined
  region?: string | undefined
  country?: string | undefined
  device?: string | undefined
  age?: number | undefined
  filter?: string | undefined
  min_score?: number | undefined
  explain?: 'full' | undefined
}

/** What the route makes of it. */
interface Placed {
  placement: PlacementName
  userId?: string | undefined
  sessionId?: string | undefined
  items?: readonly string[] | undefined
  category?: string | undefined
  sources?: readonly SourceName[] | undefined
}

type Sent = Extract<ErrorCode, 'invalid_query' | 'invalid_body'>

/** A list as an instance keeps it for who asks for it again. */
export interface AnsweredList extends WrittenList {
  /** Of its first item. */
  rung: Rung | 'none'
  /** What is told to have been shown; undefined where nothing is. */
  shown: RecommendedList['items'] | undefined
}

/**
 * The answer of every route that lists: a list of the shop as of one moment, after the pages its cursor tells of. Its id is
 * what chance is drawn from. Where the placement wants it, what is listed is told to the hub, which no answer waits for.
 * @throws AppError for a cursor of another list, or a filter that is none
 */
export async function listFrom(
  need: ListNeed,
  { wishes, placed, sent = 'invalid_query' }: { wishes: Wishes; placed: Placed; sent?: Sent },
): Promise<Answer<ItemList>> {
  const { ports, impressions, lists } = need
  const recommendationId = ports.uuid()
  // Most of what is asked for was asked for a moment ago: nothing is read for it, and nothing written.
  const isAgain = lists !== undefined && wishes.cursor === undefined && wishes.explain === undefined
  const again = isAgain ? lists.get(listKey(firstPage({ wishes, placed }, recommendationId))) : undefined
  const { list, headers } = again
    ? { list: again, headers: {} }
    : await listNow(need, { wishes, placed, sent, recommendationId })
  ports.telemetry.count('lists_total', { rung: list.rung })
  if (list.shown) impressions.tell({ ...placed, recommendationId, items: list.shown })
  const answer = listAnswer(list, recommendationId)
  return { ...answer, headers: { ...answer.headers, ...headers } }
}

/** A list that was looked for, and what it had to do without. */
async function listNow(
  { shop, lists, ports }: ListNeed,
  of: { wishes: Wishes; placed: Placed; sent: Sent; recommendationId: string },
): Promise<{ list: AnsweredList; headers: Record<string, string> }> {
  const { wishes, placed } = of
  const { request, seen } = requestOf(of, of.recommendationId)
  const { shop: served, without } = lenient(shop)
  const now = oneMoment(served)
  const trace = wishes.explain === undefined ? undefined : new ListTrace()
  const { exploration, log_impressions: isLogged } = (await now.placements())[placed.placement]
  const made = (list: RecommendedList): AnsweredList => ({
    ...writtenList(list, {
      nextCursor: list.more ? seen.after(list.items.map(({ itemId }) => itemId)) : null,
      withPropensity: exploration > 0,
      explanation: trace && explanationAnswer(list, trace),
    }),
    rung: list.items[0]?.rung ?? 'none',
    shown: isLogged && list.isPersonal ? list.items : undefined,
  })
  const isWhole = ({ isPersonal }: { isPersonal: boolean }) =>
    without.degraded.every(name => !isPersonal && aboutPeople.has(name)) && (!isPersonal || without.staleSeconds === 0)
  const list =
    trace || !lists
      ? made(await recommend(request, now, trace))
      : await heldList(request, { shop: now, lists, made, bytesOf, isWhole })
  const headers = withoutHeaders(without)
  if (Object.keys(headers).length > 0) ports.telemetry.count('lists_degraded_total', {})
  // A list that is nobody's may have been made for another: the cursor is of who asks.
  const nextCursor = list.nextCursor && seen.after(list.body.items.map(({ item_id: itemId }) => itemId))
  return { list: { ...list, nextCursor }, headers }
}

/** Its text, and in objects twice as much again. */
const bytesOf = ({ json }: AnsweredList): number => 3 * json.join('').length

/** What a list can do without that is nobody's. */
const aboutPeople: ReadonlySet<string> = new Set(['user_documents', 'tombstones'])

/** What the list was made without, as headers; none when it was made of all there is. */
function withoutHeaders({ degraded, staleSeconds }: Without): Record<string, string> {
  return {
    ...(degraded.length > 0 ? { 'x-sidecart-degraded': degraded.join(', ') } : {}),
    ...(staleSeconds > 0 ? { 'x-sidecart-stale': String(staleSeconds) } : {}),
  }
}

/**
 * What a list is made of, after the pages its cursor tells of.
 * @throws AppError for a cursor of another list, or a filter that is none
 */
export function requestOf(
  { wishes, placed, sent = 'invalid_query' }: { wishes: Wishes; placed: Placed; sent?: Sent },
  seed: string,
): { request: ListRequest; seen: Seen } {
  const { limit, cursor } = wishes
  const list = listOf(wishes, placed)
  if (wishes.filter !== undefined) checkFilter(wishes.filter, sent)
  const seen = seenSoFar(cursor, { list: Object.entries(list), code: sent })
  const isSeen = cursor === undefined ? undefined : seen.has
  return { request: { ...list, limit, isSeen, shownBefore: seen.shown, seed }, seen }
}

function firstPage({ wishes, placed }: { wishes: Wishes; placed: Placed }, seed: string): ListRequest {
  return { ...listOf(wishes, placed), limit: wishes.limit, shownBefore: 0, seed }
}

/** All that makes it this list, in one order of fields. */
function listOf(wishes: Wishes, placed: Placed): Omit<ListRequest, 'limit' | 'seed'> {
  const { brand, price_min: priceMin, price_max: priceMax, filter, min_score: minScore } = wishes
  const { channel, region, country, device, age } = wishes
  const { placement, userId, sessionId, items, sources } = placed
  const category = placed.category ?? wishes.category ?? wishes.category_filter
  return {
    ...{ placement, userId, sessionId, items, sources, category, brand },
    ...{ priceMin, priceMax, channel, region, country, device, age, filter, minScore },
  }
}

function checkFilter(filter: string, code: Sent): void {
  try {
    parseExpression(filter)
  } catch (cause) {
    if (!(cause instanceof ExpressionError)) throw cause
    const reason = cause.message
    throw new AppError(code, `The filter is not valid: ${reason}`, [
      { code: 'invalid', field: 'filter', value: filter, reason },
    ])
  }
}
