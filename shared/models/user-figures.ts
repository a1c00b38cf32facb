import { ndcgAtK, recallAtK } from '../algorithms/ranking-metrics.ts'
import type { RankedList } from './evaluate.ts'

/** What lists earned user by user: each array has one place a user. */
export interface UserFigures {
  'recall@10': Float64Array
  'recall@20': Float64Array
  'ndcg@10': Float64Array
  'ndcg@20': Float64Array
  /** Test items of few interactions among the first twenty. */
  coldHits: Float64Array
}

/** A user to be judged, and what is to be found. */
export interface JudgedUser {
  user: number
  relevant: ReadonlySet<number>
}

export function userFigures(
  lists: RankedList,
  users: readonly JudgedUser[],
  isCold: (item: number) => boolean,
): UserFigures {
  const empty = () => new Float64Array(users.length)
  const figures = {
    'recall@10': empty(),
    'recall@20': empty(),
    'ndcg@10': empty(),
    'ndcg@20': empty(),
    coldHits: empty(),
  }
  for (const [place, { user, relevant }] of users.entries()) {
    const list = lists(user, 20)
    for (const k of [10, 20] as const) {
      figures[`recall@${k}`][place] = recallAtK(list, relevant, k)
      figures[`ndcg@${k}`][place] = ndcgAtK(list, relevant, k)
    }
    figures.coldHits[place] = Array.from(list).filter(item => relevant.has(item) && isCold(item)).length
  }
  return figures
}
