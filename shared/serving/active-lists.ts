import type { Documents, Ports } from '../ports.ts'
import { valueAt } from '../publishing/slots.ts'
import { collections } from '../schemas/collections.ts'
import type { FreshList } from '../schemas/fresh-list.ts'
import { ItemId } from '../schemas/ids.ts'
import { type EventType, eventTypes } from '../schemas/interaction.ts'
import type { Profile } from '../schemas/profile.ts'
import type { LivePointer, UserListsValue } from '../schemas/published.ts'
import type { ServedModel } from '../sources/served-model.ts'
import { foldedTaste } from '../sources/taste.ts'
import type { Shop } from './shop.ts'

/** Whose lists are made anew by what they do: nobody's, theirs who did something that matters, or everybody's. */
export type ActiveListsMode = 'off' | 'strong' | 'all'

/** What a batch of the hub has brought: the profiles after it, by user id, and what was done in it. */
export interface ActiveUsers {
  profiles: ReadonlyMap<string, Profile>
  interactions: readonly { userId: string; type: EventType }[]
}

const strong: ReadonlySet<EventType> = new Set(['purchase', 'add_to_cart', 'rating', 'feedback'])
/** So many looks since the stored list matter as well. */
const looksMin = 3
const isLook = (code: number) => eventTypes[code] === 'view' || eventTypes[code] === 'click'

const listed = 100
/** A refresh comes every few hours; a list that outlives several is of no use. */
const ttlSeconds = 2 * 24 * 3600
/** Bounds of what one batch waits for: whoever is left gets a list made when asking for it, as everybody can. */
const usersMax = 20
const batchMs = 250
const rememberedMax = 20_000

/**
 * Makes the stored lists of users anew who did something that matters (J05), by the model at hand, with what the user did
 * until now: for instances that have no model in memory yet. A list follows from the profile and the live generation
 * alone, so that made again it is the same. Never rejects: without it the list is made at the next request.
 */
export function activeLists(
  { mode: modeNow }: { mode: () => ActiveListsMode },
  { shop, ...ports }: { shop: Shop } & Pick<Ports, 'documents' | 'clock' | 'log'>,
): (active: ActiveUsers) => Promise<void> {
  const { clock, log } = ports
  /** The newest event in the list stored last, by user. */
  const storedAt = new Map<string, number>()
  const remember = ({ user_id: userId, as_of: asOf }: FreshList): void => {
    storedAt.delete(userId)
    storedAt.set(userId, asOf)
    const [oldest] = storedAt.keys()
    if (storedAt.size > rememberedMax && oldest !== undefined) storedAt.delete(oldest)
  }
  const relist = async (active: ActiveUsers): Promise<void> => {
    const started = clock()
    const live = await shop.live()
    const model = live && shop.model(live)
    if (!live || !model) return
    const mode = modeNow()
    const since = (userId: string) => Math.max(live.data_until / 1000, storedAt.get(userId) ?? 0)
    const users = usersToList(active, { mode, since })
    if (users.length === 0) return
    const documents = ports.documents.metered()
    const lists = await freshLists(users.slice(0, usersMax), { live, model, shop, documents, until: started + batchMs })
    await Promise.all(lists.map(list => documents.upsert(collections.freshLists, list)))
    for (const list of lists) remember(list)
    const requestUnits = Math.round(documents.requestUnits * 10) / 10
    const left = users.length - lists.length
    log.info({ stage: 'active-lists', users: lists.length, left, requestUnits, durationMs: clock() - started })
  }
  return async active => {
    if (modeNow() === 'off') return
    try {
      await relist(active)
    } catch (cause) {
      // The batch is taken in all the same: lists made at a request take the place of those missing here.
      log.warn({ stage: 'active-lists', error: String(cause) })
    }
  }
}

/** Profiles of users who did something that matters; a visitor who has logged in counts as the user. */
function usersToList(
  { profiles, interactions }: ActiveUsers,
  { mode, since }: { mode: ActiveListsMode; since: (userId: string) => number },
): Profile[] {
  const found = new Map<string, Profile>()
  for (const { userId, type } of interactions) {
    if (type === 'impression') continue
    const own = profiles.get(userId)
    const profile = own?.merged_into === undefined ? own : profiles.get(own.merged_into)
    if (!profile || found.has(profile.user_id)) continue
    const looks = () => profile.recent.filter(([, code, second]) => isLook(code) && second > since(profile.user_id))
    if (mode === 'all' || strong.has(type) || looks().length >= looksMin) found.set(profile.user_id, profile)
  }
  return [...found.values()]
}

async function freshLists(
  users: readonly Profile[],
  of: { live: LivePointer; model: ServedModel; shop: Shop; documents: Documents; until: number },
): Promise<FreshList[]> {
  const { live, shop, documents, until } = of
  const keys = users.map(({ user_id: userId }) => ({ id: userId, partition: userId }))
  const published = await documents.readAll(collections.userLists, keys)
  const lists: FreshList[] = []
  for (const [index, profile] of users.entries()) {
    if (shop.clock() > until) break
    const stored = published[index]
    const items = await listOf(profile, stored && valueAt(stored.document, live.generation), of)
    const asOf = profile.recent.at(-1)?.[2]
    if (items.length === 0 || asOf === undefined) continue
    const { user_id } = profile
    lists.push({ id: 'fresh_list', user_id, generation: live.generation, as_of: asOf, items, ttl: ttlSeconds })
  }
  return lists
}

async function listOf(
  profile: Profile,
  lists: UserListsValue | undefined,
  { live, model, shop }: { live: LivePointer; model: ServedModel; shop: Shop },
): Promise<FreshList['items']> {
  const disliked = new Set(profile.disliked)
  const purchased = (lists?.purchases ?? []).map(([itemId]) => itemId)
  const excluded = new Set([...disliked, ...profile.bought, ...purchased])
  const recent = profile.recent.filter(([itemId]) => !disliked.has(itemId))
  const isWanted = (itemId: string) => !excluded.has(itemId)
  const list = await foldedTaste(model, { live, reads: shop, user: { lists, recent, disliked }, isWanted, n: listed })
  return list.slice(0, listed).map(([itemId, score]) => [ItemId.parse(itemId), Math.round(score * 1000) / 1000])
}
