import { prepareStrided, rotateBack } from './als-half-step.ts'
import { type AlsParameters, checkAlsParameters, checkStrengths, meanEntries } from './als-parameters.ts'
import { layOutRatings, layOutTransposed, solveLaidOut } from './als-rows.ts'
import type { Csr } from './csr.ts'
import { Workspace } from './kernels/workspace.ts'
import { decodeModel, encodeModel } from './model-bytes.ts'
import { startingFactors } from './starting-factors.ts'
import { layOutRows, strideOf, takeRows } from './strided-rows.ts'

/** Row-major: userFactors is (users, factors), itemFactors is (items, factors). */
export interface Factors {
  factors: number
  users: number
  items: number
  userFactors: Float32Array
  itemFactors: Float32Array
}

/**
 * Fits user and item factors to implicit feedback; the score of item i for user u is userFactors[u] · itemFactors[i].
 * Minimises sum over all u, i of c (p - x_u·y_i)² + Σ λ_u |x_u|² + Σ λ_i |y_i|² with confidence c = 1 + alpha r,
 * preference p = 1 where r > 0, else 0, and λ as `rowRegularization` says. The same seed gives the same bytes, whatever
 * the threads, and the same as the half-steps of als-half-step.ts give in chunks. Users and items without positive
 * feedback get zero rows.
 * Source: Hu, Koren, Volinsky, ICDM 2008, section 4; Takács, Pilászy, Tikk, RecSys 2011, section 3.
 * @param userItems feedback strengths r ≥ 0, shape (users, items)
 * @param options onIteration is told the number of finished iterations; threads default to 1
 * @throws RangeError when a parameter or a strength is out of range
 */
export async function als(
  userItems: Csr,
  options: AlsParameters & { seed: number; threads?: number; onIteration?: (iteration: number) => void },
): Promise<Factors> {
  checkAlsParameters(options)
  checkStrengths(userItems)
  const workspace = new Workspace({ threads: options.threads ?? 1 })
  try {
    return await fitted(workspace, userItems, options)
  } finally {
    await workspace.close()
  }
}

/** All half-steps in one memory; each side is turned where it stands, as nobody needs its old coordinates. */
async function fitted(
  workspace: Workspace,
  userItems: Csr,
  options: AlsParameters & { seed: number; onIteration?: (iteration: number) => void },
): Promise<Factors> {
  const { factors, iterations, seed, conjugateGradientSteps: steps } = options
  const { rows: users, columns: items } = userItems
  const ofUsers = layOutRatings(workspace, userItems, { ...options, meanEntries: meanEntries(userItems) })
  const ofItems = await layOutTransposed(workspace, { columns: items, of: ofUsers }, options)
  const itemVectors = layOutRows(workspace, startingFactors({ factors, seed, from: 0, to: items }), factors)
  const userVectors = workspace.float32(users * strideOf(factors))
  let userFactors: Float32Array = new Float32Array()
  let itemFactors: Float32Array = new Float32Array()
  for (let iteration = 1; iteration <= iterations; iteration++) {
    const fixedItems = await prepareStrided(workspace, itemVectors, factors)
    await solveLaidOut(workspace, fixedItems, { laidOut: ofUsers, steps, into: userVectors })
    if (iteration === iterations) userFactors = takeRows(userVectors, factors)
    const fixedUsers = await prepareStrided(workspace, userVectors, factors)
    await solveLaidOut(workspace, fixedUsers, { laidOut: ofItems, steps, into: itemVectors })
    if (iteration === iterations) itemFactors = await rotateBack(workspace, fixedUsers, takeRows(itemVectors, factors))
    options.onIteration?.(iteration)
  }
  return { factors, users, items, userFactors, itemFactors }
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
