import type { Profile } from '../schemas/profile.ts'
import type { LivePointer, UserListsValue } from '../schemas/published.ts'
import type { Candidate } from './candidate.ts'
import { foldedList } from './folded-list.ts'
import { neighboursOfRecent } from './neighbours-of-recent.ts'
import type { Shop } from './shop.ts'
import { userStrengths } from './user-strengths.ts'

/** Shares of the user's taste and of what the user did last: a purchase just now must be seen in the list. */
const shares = { taste: 0.5, recent: 0.5 } as const
/** Items ranked by a vector made on the spot: enough for the longest list that may be asked for. */
const foldedItems = 200
const text = 'Picked for you from what shoppers like you buy'

/** What is known of a user, without what has a thumb down. */
export interface KnownTaste {
  profile: Profile | undefined
  lists: UserListsValue | undefined
}

/**
 * The personal rung, scores 0 to 1, best first. A user who did nothing since the lists were made gets the published one.
 * Whoever did something since, or has no list, gets a vector folded in from all that is known (M23), mixed with the
 * neighbours of what is new; while the instance has no model yet, the published list takes the vector's place.
 * @param isWanted tells which items may be on the list at all
 */
export async function personalCandidates(of: {
  live: LivePointer
  known: KnownTaste
  isWanted: (itemId: string) => boolean
  shop: Shop
}): Promise<readonly Candidate[]> {
  const { live, known, shop } = of
  const { profile, lists } = known
  const disliked = new Set(profile?.disliked)
  const since = (profile?.recent ?? []).filter(
    ([itemId, , second]) => !disliked.has(itemId) && (!lists || second * 1000 > live.data_until),
  )
  const model = shop.model(live)
  const published = (lists?.items ?? []).map(([itemId, score]): [string, number] => [
    itemId,
    Math.max(0, score / (lists?.items[0]?.[1] ?? 1)),
  ])
  if (since.length === 0) return candidates(published)
  const popularity = model && (await shop.popularity(undefined, live.generation))
  const folded = model
    ? foldedList(model, {
        strengths: userStrengths(
          {
            recent: profile?.recent ?? [],
            disliked,
            purchases: lists?.purchases ?? [],
            purchasesUntil: lists && live.data_until,
          },
          model.strength,
        ),
        popularity: popularity?.items ?? [],
        isWanted: of.isWanted,
        n: foldedItems,
      })
    : []
  const taste = candidates(folded.length > 0 ? together(folded, published, model?.itemLinearShare ?? 0) : published)
  if (taste.length === 0) return []
  return mixed(taste, await neighboursOfRecent(since, live.generation, shop))
}

/** A list made on the spot, with the published one in the place of what only a refresh computes: its share of the score. */
function together(
  folded: readonly [itemId: string, score: number][],
  published: readonly [itemId: string, score: number][],
  share: number,
): readonly [itemId: string, score: number][] {
  if (share === 0 || published.length === 0) return folded
  const sum = new Map(folded.map(([itemId, score]) => [itemId, (1 - share) * score]))
  for (const [itemId, score] of published) sum.set(itemId, (sum.get(itemId) ?? 0) + share * score)
  const ranked = [...sum].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
  const best = ranked[0]?.[1] ?? 1
  return ranked.map(([itemId, score]) => [itemId, score / best])
}

function candidates(list: readonly (readonly [itemId: string, score: number])[]): Candidate[] {
  return list.map(([itemId, score]) => ({ itemId, score, reason: { code: 'personal', text } }))
}

/** The two lists by the sum of their shares; an item's reason is that of the list it owes more to, on a tie the
 * one that names an item. */
function mixed(taste: readonly Candidate[], neighbours: readonly Candidate[]): readonly Candidate[] {
  if (neighbours.length === 0) return taste
  const sum = new Map(
    taste.map(candidate => [candidate.itemId, { ...candidate, score: candidate.score * shares.taste }]),
  )
  for (const neighbour of neighbours) {
    const score = neighbour.score * shares.recent
    const before = sum.get(neighbour.itemId)
    const reason = before && before.score > score ? before.reason : neighbour.reason
    sum.set(neighbour.itemId, { itemId: neighbour.itemId, score: score + (before?.score ?? 0), reason })
  }
  return [...sum.values()].sort((a, b) => b.score - a.score || (a.itemId < b.itemId ? -1 : 1))
}
