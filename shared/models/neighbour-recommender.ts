import type { Csr } from '../algorithms/csr.ts'
import type { Neighbours } from '../algorithms/similarity.ts'
import type { Algorithm, Recommender } from './recommender.ts'

/** An item's score is the sum of its similarities to the items a user has, each by the user's strength for it. */
export function neighbourRecommender(
  algorithm: Algorithm,
  parameters: Recommender['parameters'],
  { histories, neighbours }: { histories: Csr; neighbours: Neighbours },
): Recommender {
  const { k, counts, items, scores: similarities } = neighbours
  return {
    algorithm,
    parameters,
    scoreItems: (user, scores) => {
      scores.fill(0)
      let isKnown = false
      for (let entry = histories.indptr[user]!; entry < histories.indptr[user + 1]!; entry++) {
        const row = histories.indices[entry]!
        const strength = histories.values[entry]!
        for (let place = row * k; place < row * k + counts[row]!; place++) {
          scores[items[place]!]! += strength * similarities[place]!
          isKnown = true
        }
      }
      return isKnown
    },
  }
}
