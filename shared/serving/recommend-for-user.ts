import type { Profile } from '../schemas/profile.ts'
import type { UserListsValue } from '../schemas/published.ts'
import type { ListRequest, Recommendation } from './candidate.ts'
import type { Catalogue } from './catalogue.ts'
import { fillList } from './fill-list.ts'
import { neighboursOfRecent } from './neighbours-of-recent.ts'
import { personalCandidates } from './personal.ts'
import { popularItems } from './popular.ts'
import type { Shop } from './shop.ts'

/**
 * A user's list from the ladder personal -> neighbours of recent items -> popular in the user's category -> trending.
 * What the user did after the lists were made changes the personal rung at once, and what was bought is left out.
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
  const isWanted = (itemId: string) => {
    const item = catalogue.items.get(itemId)
    const fits = request.category === undefined || item?.category === request.category
    return item?.in_stock === true && fits && !excluded.has(itemId)
  }
  return fillList(
    request,
    [
      {
        rung: 'personal',
        candidates: async () => (live ? personalCandidates({ live, known: { profile, lists }, isWanted, shop }) : []),
      },
      { rung: 'recent', candidates: async () => (live ? neighboursOfRecent(recent, live.generation, shop) : []) },
      { rung: 'category', candidates: async () => (category === undefined ? [] : popularItems(shop, category)) },
      { rung: 'trending', candidates: () => popularItems(shop) },
    ],
    { catalogue, excluded },
  )
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
