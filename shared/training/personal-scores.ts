import type { Factors } from '../algorithms/als.ts'
import { scoreItems } from '../algorithms/top-n.ts'
import { addLinearScores, type ItemLinearModel } from './linear-scores.ts'

export interface PersonalModel {
  /** Absent where the item-item linear model alone tells taste. */
  factors?: Factors | undefined
  /** Where x·y is computed in another way than from the factors, one user at a time. */
  scoreFactors?: ((user: number, scores: Float32Array) => boolean) | undefined
  /** Absent where ALS alone tells taste; its share of taste is from 0 to 1. */
  itemLinear?: (ItemLinearModel & { share: number }) | undefined
  /** Recent popularity of each item on any scale ≥ 0, shape (items). */
  popularity: ArrayLike<number>
  /** 0 ranks by taste alone, 1 by popularity alone. */
  popularityShare: number
}

/**
 * A function that writes what a user's list is ranked by, for every item:
 * (1 - p) ((1 - s) x_u·y_i / max_j x_u·y_j + s l_ui / max_j l_uj) + p popularity_i / max_j popularity_j
 * with the shares p of popularity and s of the item-item linear model l. Long taste comes from the models, the season from
 * what sells now; all are put on one scale first, as scores have a different one for each user. It answers false, with
 * nothing of use written, for a user whom neither model knows.
 * @throws RangeError when a share is not from 0 to 1
 */
export function personalScores(model: PersonalModel): (user: number, scores: Float32Array) => boolean {
  const { factors, itemLinear, popularity, popularityShare } = model
  const scoreFactors =
    model.scoreFactors ?? ((user, scores) => factors !== undefined && scoreItems(factors, user, scores))
  const linearShare = itemLinear?.share ?? 0
  checkShares({ popularityShare, itemLinearShare: linearShare })
  const popular = Float32Array.from(popularity)
  multiply(popular, scale(popular, popularityShare))
  const linear = new Float32Array(itemLinear ? popular.length : 0)
  return (user, scores) => {
    const isFactored = scoreFactors(user, scores)
    const isLinear = itemLinear !== undefined && addLinearScores(itemLinear, user, linear.fill(0))
    if (!isFactored && !isLinear) return false
    if (!isFactored) scores.fill(0)
    const factorScale = scale(scores, (1 - popularityShare) * (1 - linearShare))
    for (let item = 0; item < scores.length; item++) scores[item] = factorScale * scores[item]! + popular[item]!
    if (!isLinear) return true
    const linearScale = scale(linear, (1 - popularityShare) * linearShare)
    for (let item = 0; item < scores.length; item++) scores[item]! += linearScale * linear[item]!
    return true
  }
}

/** @throws RangeError when a share is not from 0 to 1 */
export function checkShares(shares: Record<string, number>): void {
  for (const [name, share] of Object.entries(shares)) {
    if (share >= 0 && share <= 1) continue
    throw new RangeError(`Cannot score items as ${name} must be from 0 to 1: current value is ${share}`)
  }
}

/** What to multiply values by so that the highest becomes `share`; 0 when none is above 0. */
export function scale(values: Float32Array, share: number): number {
  let highest = 0
  for (let index = 0; index < values.length; index++) if (values[index]! > highest) highest = values[index]!
  return highest === 0 ? 0 : share / highest
}

function multiply(values: Float32Array, by: number): void {
  for (let index = 0; index < values.length; index++) values[index]! *= by
}
