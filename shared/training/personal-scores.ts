import type { Factors } from '../algorithms/als.ts'
import { scoreItems } from '../algorithms/top-n.ts'

export interface PersonalModel {
  factors: Factors
  /** Recent popularity of each item on any scale ≥ 0, shape (items). */
  popularity: ArrayLike<number>
  /** 0 ranks by taste alone, 1 by popularity alone. */
  popularityShare: number
}

/**
 * A function that writes what a user's list is ranked by, for every item: (1 - share) · x_u·y_i / max_j x_u·y_j +
 * share · popularity_i / max_j popularity_j. Long taste comes from the factors, the season from what sells now; both are
 * put on one scale first, as factor scores have a different one for each user. It answers false, with nothing written,
 * for a user with a zero factor row.
 * @throws RangeError when the share is not from 0 to 1
 */
export function personalScores(model: PersonalModel): (user: number, scores: Float32Array) => boolean {
  const { factors, popularity, popularityShare: share } = model
  if (!(share >= 0 && share <= 1)) {
    throw new RangeError(`Cannot score items as popularityShare must be from 0 to 1: current value is ${share}`)
  }
  const popular = Float32Array.from(popularity)
  multiply(popular, scale(popular, share))
  return (user, scores) => {
    if (!scoreItems(factors, user, scores)) return false
    const tasteScale = scale(scores, 1 - share)
    for (let item = 0; item < scores.length; item++) scores[item] = tasteScale * scores[item]! + popular[item]!
    return true
  }
}

/** What to multiply values by so that the highest becomes `share`; 0 when none is above 0. */
function scale(values: Float32Array, share: number): number {
  let highest = 0
  for (let index = 0; index < values.length; index++) if (values[index]! > highest) highest = values[index]!
  return highest === 0 ? 0 : share / highest
}

function multiply(values: Float32Array, by: number): void {
  for (let index = 0; index < values.length; index++) values[index]! *= by
}
