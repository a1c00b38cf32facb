import type { Csr } from '../algorithms/csr.ts'

/** What the item-item linear model tells a user's taste by. */
export interface ItemLinearModel {
  /** Row i holds what having item i adds to each other item, shape (items, items): the transpose of `itemLinearWeights`. */
  weights: Csr
  /** Feedback strengths, shape (users, items). */
  userItems: Csr
}

/** Adds l_ui = Σ_j r_uj w_ji of a user to `scores`, shape (items); false when nothing is added. */
export function addLinearScores({ weights, userItems }: ItemLinearModel, user: number, scores: Float32Array): boolean {
  let isTold = false
  for (let entry = userItems.indptr[user]!; entry < userItems.indptr[user + 1]!; entry++) {
    const item = userItems.indices[entry]!
    const strength = userItems.values[entry]!
    for (let at = weights.indptr[item]!; at < weights.indptr[item + 1]!; at++) {
      scores[weights.indices[at]!]! += strength * weights.values[at]!
      isTold = true
    }
  }
  return isTold
}
