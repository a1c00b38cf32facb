import { als, alsLoss } from '../shared/algorithms/als.ts'
import type { Csr } from '../shared/algorithms/csr.ts'
import { seededRandom } from '../shared/algorithms/random.ts'
import { alsOptions, sampleDataset, shopOptions, syntheticMatrix } from './matrices.ts'
import { repeat } from './repeat.ts'
import { type Bench, type BenchResult, lone } from './report.ts'
import { fourDigits } from './spread.ts'

/** A whole fit with 64 factors and else the shop's own options; quality is the loss it ends at. */
export const alsBench: Bench = async step => {
  const sample = (await sampleDataset()).userItems
  const synthetic = syntheticMatrix({ rows: 2000, columns: 1000, perRow: 40, seed: 1 })
  return [timedFit('synthetic', synthetic, step), timedFit('sample shop', sample, step)]
}

function timedFit(name: string, userItems: Csr, step: (text: string) => void): BenchResult {
  const { rows, columns, indices } = userItems
  const options = alsOptions
  const title = `${name} ${rows} x ${columns}, ${indices.length} entries, ${options.factors} factors, ${options.iterations} iterations`
  step(title)
  const { ms, last } = repeat(() => als(userItems, { ...options, random: seededRandom(shopOptions.seed) }))
  return lone(title, { values: ms, unit: 'ms', quality: { loss: fourDigits(alsLoss(userItems, last, options)) } })
}
