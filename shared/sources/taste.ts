import type { LivePointer } from '../schemas/published.ts'
import { foldedList } from './folded-list.ts'
import type { Reads } from './reads.ts'
import { eventsSinceLists } from './seeds.ts'
import type { ServedModel } from './served-model.ts'
import type { Ask, AskedUser, Candidate } from './source.ts'
import { userStrengths } from './user-strengths.ts'

/** Items ranked by a vector made on the spot, at least: a blend looks at no more of one source than of another. */
const foldedItems = 100

/** What the factor model says of a user, best first with scores relative to the best. */
export interface Taste {
  /** Published: as of the last refresh. Folded in: as of the user's newest event (M23). */
  by: 'published' | 'folded_in'
  candidates: readonly Candidate[]
  /** The user's events up to here are in it, ms since 1970. */
  asOf: number
}

/** By who asks, who is one object a request: several sources and the answer itself want to know. */
const known = new WeakMap<Ask['user'], Promise<Taste>>()

/**
 * A user who did nothing since the lists were made has the published one. Whoever did something since, or has no list, gets
 * a vector folded in from all that is known; while the instance has no model yet, the list that the stream stored last stands
 * for it, or the published one.
 */
export function tasteOf(ask: Ask): Promise<Taste> {
  const found = known.get(ask.user) ?? tasteNow(ask)
  known.set(ask.user, found)
  return found
}

/** The taste that this request's sources have asked for; undefined where none of them goes by it. */
export function tasteAsked({ user }: Pick<Ask, 'user'>): Promise<Taste> | undefined {
  return known.get(user)
}

async function tasteNow(ask: Ask): Promise<Taste> {
  const { live, user, reads } = ask
  if (!live) return { by: 'published', candidates: [], asOf: 0 }
  const published = relative(user.lists?.items ?? [])
  const asPublished: Taste = {
    ...{ by: 'published', asOf: live.data_until },
    candidates: candidates(published.filter(([id]) => ask.isWanted(id))),
  }
  if (eventsSinceLists(ask).length === 0) return asPublished
  const model = reads.model(live)
  if (!model) return (await storedTaste(ask, live)) ?? asPublished
  const list = await foldedTaste(model, { ...ask, live, n: Math.max(foldedItems, ask.n) })
  if (list.length === 0) return asPublished
  return { by: 'folded_in', candidates: candidates(list), asOf: newestMoment(user.recent) }
}

/**
 * The list by a vector made on the spot, best first with scores relative to the best; empty when the model knows nothing
 * of what the user did.
 */
export async function foldedTaste(
  model: ServedModel,
  of: Pick<Ask, 'isWanted' | 'pool' | 'n'> & {
    live: LivePointer
    reads: Pick<Reads, 'popularity'>
    user: Pick<AskedUser, 'lists' | 'recent' | 'disliked'>
  },
): Promise<[itemId: string, score: number][]> {
  const { live, reads, user, isWanted, n } = of
  const popularity = await reads.popularity(undefined, live.generation)
  const folded = foldedList(model, {
    strengths: knownStrengths(of, model),
    popularity: popularity?.items ?? [],
    isWanted,
    pool: of.pool,
    n,
  })
  if (folded.length === 0) return []
  return relative(
    together(folded, relative(user.lists?.items ?? []), model.itemLinearShare).filter(([id]) => isWanted(id)),
  )
}

/** What the stream made of the user's last events, in the place of a vector while the instance has no model yet. */
async function storedTaste({ user, reads, isWanted }: Ask, live: LivePointer): Promise<Taste | undefined> {
  const stored = user.userId === undefined ? undefined : await reads.freshList(user.userId)
  if (!stored || stored.as_of * 1000 <= live.data_until) return undefined
  const list = relative(stored.items.filter(([id]) => isWanted(id)))
  return { by: 'folded_in', candidates: candidates(list), asOf: stored.as_of * 1000 }
}

/** Feedback strength > 0 of each item that the user is known to have had to do with. */
export function knownStrengths(
  { user, live }: { live: LivePointer | undefined; user: Pick<AskedUser, 'lists' | 'recent' | 'disliked'> },
  { strength }: Pick<ServedModel, 'strength'>,
): Map<string, number> {
  const { recent, disliked, lists } = user
  const purchases = lists?.purchases ?? []
  return userStrengths({ recent, disliked, purchases, purchasesUntil: lists && live?.data_until }, strength)
}

function relative(list: readonly (readonly [itemId: string, score: number])[]): [itemId: string, score: number][] {
  const best = list[0]?.[1] ?? 1
  return list.map(([itemId, score]) => [itemId, Math.max(0, score / best)])
}

/** A list made on the spot, with the published one in the place of what only a refresh computes: its share of the score. */
function together(
  folded: readonly [itemId: string, score: number][],
  published: readonly [itemId: string, score: number][],
  share: number,
): [itemId: string, score: number][] {
  if (share === 0 || published.length === 0) return [...folded]
  const sum = new Map(folded.map(([itemId, score]) => [itemId, (1 - share) * score]))
  for (const [itemId, score] of published) sum.set(itemId, (sum.get(itemId) ?? 0) + share * score)
  return [...sum].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
}

function candidates(list: readonly (readonly [itemId: string, score: number])[]): Candidate[] {
  return list.map(([itemId, score]) => ({ itemId, score, evidence: { type: 'taste' } }))
}

/** When the newest of some events happened, ms since 1970; 0 without any. */
export function newestMoment(recent: Ask['user']['recent']): number {
  return (recent.at(-1)?.[2] ?? 0) * 1000
}
