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

/** Lists over the whole catalogue without what the user has in `train`; the lower item first on ties. */
export function rankCatalogue({ train, ...ranking }: Ranking & { train: Csr }): RankedList {
  const scores = new Float32Array(ranking.items)
  return (user, k) => {
    if (!scored(ranking, user, scores)) return []
    for (const item of entriesOf(train, user)) scores[item] = Number.NaN
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
