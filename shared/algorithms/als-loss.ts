import type { Factors } from './als.ts'
import { type AlsParameters, meanEntries, rowRegularization } from './als-parameters.ts'
import { type Csr, transpose } from './csr.ts'
import { dot } from './dot.ts'
import { gramian } from './gramian.ts'

type LossParameters = Pick<AlsParameters, 'regularization' | 'regularizationExponent' | 'alpha'>

/**
 * The value that `als` minimises, over all users x items: unobserved pairs come in through the Gramians,
 * Σ (x·y)² = Σ_ab (XᵀX)_ab (YᵀY)_ab, so the cost is that of the observed pairs.
 */
export function alsLoss(userItems: Csr, model: Factors, parameters: LossParameters): number {
  const { factors, userFactors, itemFactors } = model
  const userGramian = gramian(userFactors, factors)
  const itemGramian = gramian(itemFactors, factors)
  let loss = penalty(userItems, userFactors, parameters) + penalty(transpose(userItems), itemFactors, parameters)
  for (let cell = 0; cell < userGramian.length; cell++) loss += userGramian[cell]! * itemGramian[cell]!
  for (let user = 0; user < userItems.rows; user++) {
    for (let entry = userItems.indptr[user]!; entry < userItems.indptr[user + 1]!; entry++) {
      const strength = userItems.values[entry]!
      const score = dot(userFactors, user * factors, itemFactors, userItems.indices[entry]! * factors, factors)
      const preference = strength > 0 ? 1 : 0
      loss += (1 + parameters.alpha * strength) * (preference - score) ** 2 - score ** 2
    }
  }
  return loss
}

/** Σ λ |x|² over the rows of one side. */
function penalty(ratings: Csr, values: Float32Array, parameters: LossParameters): number {
  const factors = values.length / Math.max(ratings.rows, 1)
  const withMean = { ...parameters, meanEntries: meanEntries(ratings) }
  let sum = 0
  for (let row = 0; row < ratings.rows; row++) {
    const size = { entries: ratings.indptr[row + 1]! - ratings.indptr[row]!, columns: ratings.columns }
    sum += rowRegularization(withMean, size) * dot(values, row * factors, values, row * factors, factors)
  }
  return sum
}
