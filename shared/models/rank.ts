import type { Csr } from '../algorithms/csr.ts'
import { topN } from '../algorithms/top-n.ts'
import { entriesOf, type RankedList } from './evaluate.ts'
import type { Recommender } from './recommender.ts'

interface Ranking {
  recommender: Recommender
  /** Ranks for the users the recommender knows nothing of, as the shop would serve them. */
  fallback: Recommender
  items: number
}

/** The k best items of each of the users, in the recommender's batches. */
export async function rankUsers(
  lists: RankedList,
  { recommender, users, k }: { recommender: Recommender; users: readonly number[]; k: number },
): Promise<RankedList> {
  const { batch } = recommender
  const size = batch?.users ?? users.length
  const ranked = new Map<number, ArrayLike<number>>()
  for (let from = 0; from < users.length; from += size) {
    const some = users.slice(from, from + size)
    await batch?.prepare(some)
    for (const user of some) ranked.set(user, lists(user, k))
  }
  return (user, shorter) => Array.from(ranked.get(user) ?? []).slice(0, shorter)
}

/** Lists over the whole catalogue without what the user has in `excluded`; the lower item first on ties. */
export function rankCatalogue({ excluded, ...ranking }: Ranking & { excluded: Csr | undefined }): RankedList {
  const scores = new Float32Array(ranking.items)
  return (user, k) => {
    if (!scored(ranking, user, scores)) return []
    for (const item of excluded ? entriesOf(excluded, user) : []) scores[item] = Number.NaN
    return topN(scores, k).indices
  }
}

/**
 * Lists over each user's own candidates together with the test items, seen or not. On ties a test item stands last, so
 * that an algorithm without an opinion earns nothing by it.
 */
export function rankCandidates(ranking: Ranking & { candidates: Csr; test: Csr }): RankedList {
  const { candidates, test, items } = ranking
  const scores = new Float32Array(items)
  return (user, k) => {
    if (!scored(ranking, user, scores)) return []
    const relevant = entriesOf(test, user)
    const isRelevant = new Set(relevant)
    const ranked = [...entriesOf(candidates, user).filter(item => !isRelevant.has(item)), ...relevant]
    const best = topN(
      Float32Array.from(ranked, item => scores[item]!),
      k,
    )
    return Array.from(best.indices, place => ranked[place]!)
  }
}

function scored({ recommender, fallback }: Ranking, user: number, scores: Float32Array): boolean {
  return recommender.scoreItems(user, scores) || fallback.scoreItems(user, scores)
}
