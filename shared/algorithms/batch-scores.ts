import type { Factors } from './als.ts'
import { rotateRows } from './als-side.ts'
import type { Workspace } from './kernels/workspace.ts'
import { layOutRows, strideOf } from './strided-rows.ts'

/** Scores of all items for some users at a time, where a ranking asks for each user in turn. */
export interface BatchScores {
  /** Users that `prepare` takes at most. */
  batchUsers: number
  /** Computes the scores of these users and forgets those of the users before. */
  prepare(users: readonly number[]): Promise<void>
  /** Writes x·y of a prepared user for every item, shape (items); false, with nothing written, for a zero row. */
  scoreItems(user: number, scores: Float32Array): boolean
}

/**
 * Scores as the product of all item vectors with the vectors of a batch of users, summed in 32 bits by the kernel that
 * rotates rows: to it a batch of as many users as there are factors is a rotation. Takes (2 items + factors) · factors
 * numbers of the workspace, which the caller frees.
 */
export function batchScores(workspace: Workspace, model: Factors): BatchScores {
  const { factors, items, userFactors, itemFactors } = model
  const stride = strideOf(factors)
  const rows = layOutRows(workspace, itemFactors, factors)
  const products = workspace.float32(rows.length)
  const placeOf = new Map<number, number>()
  return {
    batchUsers: factors,
    prepare: async users => {
      placeOf.clear()
      const matrix = new Float64Array(factors * factors)
      for (const [place, user] of users.entries()) {
        placeOf.set(user, place)
        for (let factor = 0; factor < factors; factor++) {
          matrix[factor * factors + place] = userFactors[user * factors + factor]!
        }
      }
      products.set(rows)
      await rotateRows(workspace, products, { factors, matrix })
    },
    scoreItems: (user, scores) => {
      const place = placeOf.get(user)
      if (place === undefined) {
        throw new RangeError(`Cannot score items as user ${user} must be prepared: ${placeOf.size} others are`)
      }
      const own = userFactors.subarray(user * factors, (user + 1) * factors)
      if (own.every(value => value === 0)) return false
      for (let item = 0; item < items; item++) scores[item] = products[item * stride + place]!
      return true
    },
  }
}
