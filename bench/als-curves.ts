import { alsSets, shopOf } from './als-sets.ts'
import { type Comparison, comparedFit } from './compared-fit.ts'
import type { Implicit } from './peers/implicit.ts'
import type { BenchResult } from './report.ts'

const interactions = [250_000, 500_000, 1_000_000, 2_000_000, 5_000_000, 10_000_000]
const factorCounts = [32, 64, 128, 256]

/**
 * How a fit grows: with the shop at 64 factors, ten interactions a user and ten users an item whatever the size, and with
 * the factors on the gowalla-sized shop.
 */
export async function alsCurves(
  parameters: Comparison['parameters'],
  contestants: { implicit: Implicit | undefined; step: (text: string) => void },
): Promise<BenchResult[]> {
  const results: BenchResult[] = []
  for (const count of interactions) {
    const users = Math.round(count / 10)
    const set = shopOf(`shop of ${count}`, { users, items: Math.round(users / 10), perUser: 10.1, seed: 1 })
    results.push(await comparedFit(set, { factors: 64, parameters, runs: 3, cholesky: false }, contestants))
  }
  const set = alsSets.gowallaSized()
  for (const factors of factorCounts) {
    results.push(await comparedFit(set, { factors, parameters, runs: 3, cholesky: false }, contestants))
  }
  return results
}
