import { gramianPartials, prepareFixed, solveRows, sumGramian } from '../shared/algorithms/als-half-step.ts'
import { meanEntries } from '../shared/algorithms/als-parameters.ts'
import { Workspace } from '../shared/algorithms/kernels/workspace.ts'
import { startingFactors } from '../shared/algorithms/starting-factors.ts'
import { takeRows } from '../shared/algorithms/strided-rows.ts'
import { straightRows } from '../tests/oracles/als-rows.ts'
import { sizeOf } from './als-sets.ts'
import type { Comparison } from './compared-fit.ts'
import { interleave, timed } from './interleave.ts'
import { type BenchResult, compared } from './report.ts'
import { shopMatrix } from './shop-matrix.ts'
import { fourDigits } from './spread.ts'

const factors = 64

/** The users of a small shop solved against its items: the kernel on one thread beside its straight twin in TypeScript. */
export async function comparedTwin(
  plain: Comparison['parameters'],
  step: (text: string) => void,
): Promise<BenchResult> {
  const ratings = shopMatrix({ users: 5000, items: 3000, perUser: 20, seed: 1 })
  const title = `small ${sizeOf(ratings)}, ${factors} factors, one half-step on one thread`
  step(title)
  const workspace = new Workspace({ threads: 1 })
  try {
    const values = startingFactors({ factors, seed: 1, from: 0, to: ratings.columns })
    const whole = { factors, from: 0, totalRows: ratings.columns }
    const gramian = sumGramian([await gramianPartials(workspace, values, whole)], factors)
    const fixed = await prepareFixed(workspace, { factors, values, gramian })
    const parameters = { ...plain, meanEntries: meanEntries(ratings) }
    const straightFixed = { ...fixed, values: takeRows(fixed.values, factors) }
    const { sidecart, peers } = await interleave<Float32Array>(
      { sidecart: () => timed(() => solveRows(workspace, fixed, ratings, parameters)) },
      { straight_typescript: () => timed(() => straightRows(straightFixed, ratings, parameters)) },
      { runs: 5, warmUps: 2, step },
    )
    const twin = peers.straight_typescript?.last ?? new Float32Array()
    return compared(title, { sidecart, peers, quality: { relative_difference: difference(sidecart.last, twin) } })
  } finally {
    await workspace.close()
  }
}

/** |a - b| / |b| */
function difference(a: Float32Array, b: Float32Array): number {
  let apart = 0
  let length = 0
  for (let at = 0; at < b.length; at++) {
    apart += (a[at]! - b[at]!) ** 2
    length += b[at]! ** 2
  }
  return fourDigits(Math.sqrt(apart / length))
}
