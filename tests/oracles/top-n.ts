import type { Factors } from '../../shared/algorithms/als.ts'
import type { Csr } from '../../shared/algorithms/csr.ts'
import { scoreItems, type UserLists } from '../../shared/algorithms/top-n.ts'
import { TopNHeap } from '../../shared/algorithms/top-n-heap.ts'

/** `topNForUsers` straight: every score of every user, offered to a heap. */
export function straightTopN(options: {
  factors: Factors
  n: number
  exclude: Csr
  positiveOnly?: boolean
  score?: (user: number, scores: Float32Array) => boolean
}): UserLists {
  const { factors, n, exclude, positiveOnly } = options
  const score = options.score ?? ((user, into) => scoreItems(factors, user, into))
  const { users, items } = factors
  const lists = {
    n,
    counts: new Uint32Array(users),
    items: new Uint32Array(users * n),
    scores: new Float32Array(users * n),
  }
  const heap = new TopNHeap(Math.min(n, items))
  const scores = new Float32Array(items)
  for (let user = 0; user < users; user++) {
    if (!score(user, scores)) continue
    for (let entry = exclude.indptr[user]!; entry < exclude.indptr[user + 1]!; entry++) {
      scores[exclude.indices[entry]!] = Number.NaN
    }
    for (let item = 0; item < items; item++) {
      if (!positiveOnly || scores[item]! > 0) heap.offer(item, scores[item]!)
    }
    lists.counts[user] = heap.drain({ indices: lists.items, scores: lists.scores, offset: user * n })
  }
  return lists
}
