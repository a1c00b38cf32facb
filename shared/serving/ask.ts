import type { Item } from '../schemas/catalogue.ts'
import { guestId } from '../schemas/ids.ts'
import type { Placement } from '../schemas/placements.ts'
import type { Profile } from '../schemas/profile.ts'
import type { Ask, AskedUser } from '../sources/source.ts'
import { type Condition, compileExpression } from './business-rules/expression/compile-expression.ts'
import type { RequestFacts } from './business-rules/expression/fields.ts'
import { parseExpression } from './business-rules/expression/parse-expression.ts'
import { type KeepOut, keepOut } from './keep-out.ts'
import type { ListRequest } from './list-request.ts'
import type { ListTrace } from './list-trace.ts'
import { mayPersonalize } from './may-personalize.ts'
import { needsCustomer, requestFacts } from './request-facts.ts'
import type { Shop } from './shop.ts'

/** Candidates beyond the length of the list: rules, caps and quotas take some away. */
const spareCandidates = 50

export interface Asked {
  ask: Ask
  placement: Placement
  about: RequestFacts
  /** The filter of the request, compiled. */
  filter: Condition | undefined
  keptOut: KeepOut
  /** Whether the list may go by what is known of the user, and be told to have been shown to the user. */
  isPersonal: boolean
}

/** Reads what is known at a request, once for all sources. */
export async function askOf(request: ListRequest, shop: Shop, trace?: ListTrace): Promise<Asked> {
  const [catalogue, live, placements] = await Promise.all([shop.catalogue(), shop.live(), shop.placements()])
  const placement = placements[request.placement]
  // A model that is not in memory yet begins to load: whoever did something lately will need it.
  if (live) shop.model(live)
  const { userId } = request
  const [isPersonal, known, record] = await Promise.all([
    mayPersonalize(request, shop),
    askedUser(request, live?.generation, shop),
    userId !== undefined && needsCustomer(request, catalogue.items, placement) ? shop.customer(userId) : undefined,
  ])
  const user = isPersonal ? known : nobody
  const customer = isPersonal ? record : undefined
  const nowMs = shop.clock()
  const about = requestFacts(request, { items: catalogue.items, customer, segment: user.lists?.segment, nowMs })
  const filter = request.filter === undefined ? undefined : compileExpression(parseExpression(request.filter))
  const keptOut = remembering(keepOut({ items: catalogue.items, user, placement, request, about, filter }))
  trace?.follow(keptOut)
  const ask: Ask = {
    reads: shop,
    live,
    items: catalogue.items,
    user,
    seeds: request.placement === 'search' ? [] : (request.items ?? []),
    category: request.category ?? favouriteCategory(request, user, catalogue.items),
    isWanted: (itemId, more) => {
      const dropped = keptOut(itemId, more)
      if (dropped) trace?.drop(itemId, dropped)
      return dropped === undefined
    },
    pool: request.placement === 'search' ? request.items : poolOf(request.category, catalogue.items),
    n: request.limit + spareCandidates,
    nowMs,
    seed: request.seed,
  }
  return { ask, placement, about, filter, keptOut, isPersonal }
}

const nobody: AskedUser = {
  ...{ userId: undefined, profile: undefined, lists: undefined, preferences: undefined },
  ...{ recent: [], bought: new Set(), disliked: new Set() },
}

/** Several sources ask about the same items. */
function remembering(keptOut: KeepOut): KeepOut {
  const decided = new Map<string, ReturnType<KeepOut>>()
  return (itemId, more) => {
    if (more?.buyAgain) return keptOut(itemId, more)
    const known = decided.get(itemId)
    if (known !== undefined || decided.has(itemId)) return known
    const decision = keptOut(itemId)
    decided.set(itemId, decision)
    return decision
  }
}

const idsByCategory = new WeakMap<ReadonlyMap<string, Item>, ReadonlyMap<string, readonly string[]>>()

/** The products of a category; of all of them, nothing need be listed. */
function poolOf(category: string | undefined, items: ReadonlyMap<string, Item>): readonly string[] | undefined {
  if (category === undefined) return undefined
  const known = idsByCategory.get(items) ?? byCategory(items)
  idsByCategory.set(items, known)
  return known.get(category) ?? []
}

function byCategory(items: ReadonlyMap<string, Item>): ReadonlyMap<string, readonly string[]> {
  const ids = new Map<string, string[]>()
  for (const { id, category } of items.values()) {
    const list = ids.get(category)
    if (list) list.push(id)
    else ids.set(category, [id])
  }
  return ids
}

async function askedUser(
  { userId, sessionId }: ListRequest,
  generation: number | undefined,
  shop: Shop,
): Promise<AskedUser> {
  const visitor = sessionId === undefined ? undefined : guestId(sessionId)
  const known = userId ?? visitor
  const [profile, guest, preferences, lists] = await Promise.all([
    userId === undefined ? undefined : shop.profile(userId),
    visitor === undefined || visitor === userId ? undefined : shop.profile(visitor),
    known === undefined ? undefined : shop.preferences(known),
    userId === undefined || generation === undefined ? undefined : shop.userLists(userId, generation),
  ])
  const both = [profile, guest].filter(found => found !== undefined)
  const disliked = new Set(both.flatMap(found => found.disliked))
  const purchased = (lists?.purchases ?? []).map(([itemId]) => itemId)
  return {
    ...{ userId: known, profile: profile ?? guest, lists, preferences, disliked },
    recent: recentOf(both).filter(([itemId]) => !disliked.has(itemId)),
    bought: new Set([...both.flatMap(found => found.bought), ...purchased]),
  }
}

/** What both did, oldest first, each event once. */
function recentOf(profiles: readonly Profile[]): Profile['recent'] {
  const [one, other] = profiles
  if (!one || !other) return one?.recent ?? []
  const known = new Set(one.recent.map(([, , , shortId]) => shortId))
  const news = other.recent.filter(([, , , shortId]) => !known.has(shortId))
  return [...one.recent, ...news].sort(([, , a], [, , b]) => a - b)
}

/** The category of the page's item or of the cart's; else the one the user has had most to do with. */
function favouriteCategory(
  { items: seeds = [] }: ListRequest,
  { recent, lists }: AskedUser,
  items: Ask['items'],
): string | undefined {
  const latest = recent.length > 0 ? recent.map(([itemId]) => itemId) : (lists?.purchases ?? []).map(([id]) => id)
  const times = new Map<string, number>()
  for (const itemId of seeds.length > 0 ? seeds : latest) {
    const category = items.get(itemId)?.category
    if (category !== undefined) times.set(category, (times.get(category) ?? 0) + 1)
  }
  return [...times].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))[0]?.[0]
}
