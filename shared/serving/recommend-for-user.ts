import type { Profile, RecentEvent } from '../schemas/profile.ts'
import type { LivePointer, UserListsValue } from '../schemas/published.ts'
import type { Candidate, ListRequest, Recommendation } from './candidate.ts'
import type { Catalogue } from './catalogue.ts'
import { fillList } from './fill-list.ts'
import { neighboursOfRecent } from './neighbours-of-recent.ts'
import { popularItems } from './popular.ts'
import type { Shop } from './shop.ts'

/** Shares of the trained list and of what the user did since: a purchase just now must be seen in the list. */
const shares = { personal: 0.5, recent: 0.5 } as const

/**
 * A user's list from the ladder personal -> neighbours of recent items -> popular in the user's category -> trending.
 * What the user did after the lists were made is mixed into the personal rung, and what was bought is left out at once.
 * An unknown user gets the lower rungs.
 */
export async function recommendForUser(userId: string, request: ListRequest, shop: Shop): Promise<Recommendation[]> {
  const [catalogue, live] = await Promise.all([shop.catalogue(), shop.live()])
  const [profile, lists] = await Promise.all([
    shop.profile(userId),
    live ? shop.userLists(userId, live.generation) : undefined,
  ])
  const disliked = new Set(profile?.disliked)
  const recent = (profile?.recent ?? []).filter(([itemId]) => !disliked.has(itemId))
  const purchased = (lists?.purchases ?? []).map(([itemId]) => itemId)
  const excluded = new Set([...disliked, ...(profile?.bought ?? []), ...purchased])
  const category = request.category ?? favouriteCategory(profile, lists, catalogue)
  return fillList(
    request,
    [
      { rung: 'personal', candidates: async () => (live && lists ? personal({ live, lists, recent, shop }) : []) },
      { rung: 'recent', candidates: async () => (live ? neighboursOfRecent(recent, live.generation, shop) : []) },
      { rung: 'category', candidates: async () => (category === undefined ? [] : popularItems(shop, category)) },
      { rung: 'trending', candidates: () => popularItems(shop) },
    ],
    { catalogue, excluded },
  )
}

/** The trained list with the neighbours of what the user did since mixed in; scores are 0 to 1. */
async function personal(of: {
  live: LivePointer
  lists: UserListsValue
  recent: readonly RecentEvent[]
  shop: Shop
}): Promise<Candidate[]> {
  const { live, lists, recent, shop } = of
  const best = lists.items[0]?.[1] ?? 1
  const text = 'Picked for you from what shoppers like you buy'
  const trained = lists.items.map(([itemId, score]): Candidate => {
    return { itemId, score: Math.max(0, score / best), reason: { code: 'personal', text } }
  })
  const since = recent.filter(([, , second]) => second * 1000 > live.data_until)
  const neighbours = await neighboursOfRecent(since, live.generation, shop)
  if (neighbours.length === 0) return trained
  const mixed = new Map(
    trained.map(candidate => [candidate.itemId, { ...candidate, score: candidate.score * shares.personal }]),
  )
  for (const neighbour of neighbours) {
    const score = neighbour.score * shares.recent
    const before = mixed.get(neighbour.itemId)
    const reason = before && before.score >= score ? before.reason : neighbour.reason
    mixed.set(neighbour.itemId, { itemId: neighbour.itemId, score: score + (before?.score ?? 0), reason })
  }
  return [...mixed.values()].sort((a, b) => b.score - a.score || (a.itemId < b.itemId ? -1 : 1))
}

/** The category the user has had most to do with, lately or in purchases. */
function favouriteCategory(
  profile: Profile | undefined,
  lists: UserListsValue | undefined,
  catalogue: Catalogue,
): string | undefined {
  const seen = profile?.recent.length
    ? profile.recent.map(([itemId]) => itemId)
    : (lists?.purchases ?? []).map(([itemId]) => itemId)
  const times = new Map<string, number>()
  for (const itemId of seen) {
    const category = catalogue.items.get(itemId)?.category
    if (category !== undefined) times.set(category, (times.get(category) ?? 0) + 1)
  }
  return [...times].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))[0]?.[0]
}
