import { solveRows } from './als-rows.ts'
import { type Csr, transpose } from './csr.ts'
import { dot } from './dot.ts'
import { gramian } from './gramian.ts'
import { decodeModel, encodeModel } from './model-bytes.ts'
import { gaussian, type Random } from './random.ts'

export interface AlsParameters {
  factors: number
  iterations: number
  regularization: number
  alpha: number
  conjugateGradientSteps: number
}

/** Row-major: userFactors is (users, factors), itemFactors is (items, factors). */
export interface Factors {
  factors: number
  users: number
  items: number
  userFactors: Float32Array
  itemFactors: Float32Array
}

/** The standard deviation of a starting item vector's length; small, so that the first half-step is nearly a plain sum. */
const startingLength = 0.1

/**
 * Fits user and item factors to implicit feedback; the score of item i for user u is userFactors[u] · itemFactors[i].
 * Minimises sum over all u, i of c (p - x_u·y_i)² + regularization (Σ |x_u|² + Σ |y_i|²) with confidence
 * c = 1 + alpha r and preference p = 1 where r > 0, else 0; the regularization is not scaled by a row's entries.
 * Rows are solved by conjugate gradient from their current factors, so the loss never rises. Deterministic for a given
 * `random`. Users and items without positive feedback get zero rows.
 * Source: Hu, Koren, Volinsky, ICDM 2008, section 4; Takács, Pilászy, Tikk, RecSys 2011, section 3.
 * @param userItems feedback strengths r ≥ 0, shape (users, items)
 * @param options onIteration is told the number of finished iterations
 * @throws RangeError when a parameter or a strength is out of range
 */
export function als(
  userItems: Csr,
  options: AlsParameters & { random: Random; onIteration?: (iteration: number) => void },
): Factors {
  checkParameters(options)
  checkStrengths(userItems)
  const { factors, iterations, random, onIteration } = options
  const { rows: users, columns: items } = userItems
  const itemUsers = transpose(userItems)
  const userFactors = new Float32Array(users * factors)
  const itemFactors = new Float32Array(items * factors)
  const scale = startingLength / Math.sqrt(factors)
  for (let item = 0; item < items; item++) {
    if (itemUsers.indptr[item] === itemUsers.indptr[item + 1]) continue
    for (let factor = 0; factor < factors; factor++) itemFactors[item * factors + factor] = scale * gaussian(random)
  }
  for (let iteration = 1; iteration <= iterations; iteration++) {
    solveRows({ ratings: userItems, solved: userFactors, fixed: itemFactors, ...options })
    solveRows({ ratings: itemUsers, solved: itemFactors, fixed: userFactors, ...options })
    onIteration?.(iteration)
  }
  return { factors, users, items, userFactors, itemFactors }
}

/**
 * The value that `als` minimises, over all users x items: unobserved pairs come in through the Gramians,
 * Σ (x·y)² = Σ_ab (XᵀX)_ab (YᵀY)_ab, so the cost is that of the observed pairs.
 */
export function alsLoss(
  userItems: Csr,
  model: Factors,
  { regularization, alpha }: { regularization: number; alpha: number },
): number {
  const { factors, userFactors, itemFactors } = model
  const userGramian = gramian(userFactors, factors)
  const itemGramian = gramian(itemFactors, factors)
  let loss = 0
  for (let cell = 0; cell < userGramian.length; cell++) loss += userGramian[cell]! * itemGramian[cell]!
  for (let factor = 0; factor < factors; factor++) {
    loss += regularization * (userGramian[factor * factors + factor]! + itemGramian[factor * factors + factor]!)
  }
  for (let user = 0; user < userItems.rows; user++) {
    for (let entry = userItems.indptr[user]!; entry < userItems.indptr[user + 1]!; entry++) {
      const strength = userItems.values[entry]!
      const score = dot(userFactors, user * factors, itemFactors, userItems.indices[entry]! * factors, factors)
      const preference = strength > 0 ? 1 : 0
      loss += (1 + alpha * strength) * (preference - score) ** 2 - score ** 2
    }
  }
  return loss
}

/** The factors as bytes: shape (factors, users, items), then userFactors, itemFactors; see `encodeModel`. */
export function encodeFactors({ factors, users, items, userFactors, itemFactors }: Factors): Uint8Array {
  return encodeModel({ kind: 'factors', shape: [factors, users, items], arrays: [userFactors, itemFactors] })
}

/**
 * The factors that `encodeFactors` wrote.
 * @throws RangeError when the bytes are not factors of this version, or too few or too many for their shape
 */
export function decodeFactors(bytes: Uint8Array): Factors {
  const reader = decodeModel(bytes, { kind: 'factors', dimensions: 3 })
  const [factors = 0, users = 0, items = 0] = reader.shape
  const userFactors = reader.float32(users * factors)
  const itemFactors = reader.float32(items * factors)
  reader.end()
  return { factors, users, items, userFactors, itemFactors }
}

function checkParameters({ factors, iterations, regularization, alpha, conjugateGradientSteps }: AlsParameters): void {
  const wholeNumbers = { factors, iterations, conjugateGradientSteps }
  for (const [name, value] of Object.entries(wholeNumbers)) {
    if (!Number.isInteger(value) || value < 1) {
      throw new RangeError(`Cannot fit ALS as ${name} must be an integer ≥ 1: current value is ${value}`)
    }
  }
  for (const [name, value] of Object.entries({ regularization, alpha })) {
    if (!Number.isFinite(value) || value < 0) {
      throw new RangeError(`Cannot fit ALS as ${name} must be a number ≥ 0: current value is ${value}`)
    }
  }
}

function checkStrengths({ values }: Csr): void {
  for (let entry = 0; entry < values.length; entry++) {
    if (Number.isFinite(values[entry]) && values[entry]! >= 0) continue
    throw new RangeError(`Cannot fit ALS as strength ${entry} must be a number ≥ 0: current value is ${values[entry]}`)
  }
}
