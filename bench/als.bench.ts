import { als } from '../shared/algorithms/als.ts'
import { alsLoss } from '../shared/algorithms/als-loss.ts'
import type { Csr } from '../shared/algorithms/csr.ts'
import { alsOptions, sampleDataset, shopOptions, syntheticMatrix } from './matrices.ts'
import { repeat } from './repeat.ts'
import { type Bench, type BenchResult, lone } from './report.ts'
import { fourDigits } from './spread.ts'

/** A whole fit with 64 factors and else the shop's own options; quality is the loss it ends at. */
export const alsBench: Bench = async step => {
  const sample = (await sampleDataset()).userItems
  const synthetic = syntheticMatrix({ rows: 2000, columns: 1000, perRow: 40, seed: 1 })
  return [await timedFit('synthetic', synthetic, step), await timedFit('sample shop', sample, step)]
}

async function timedFit(name: string, userItems: Csr, step: (text: string) => void): Promise<BenchResult> {
  const { rows, columns, indices } = userItems
  const options = alsOptions
  const title = `${name} ${rows} x ${columns}, ${indices.length} entries, ${options.factors} factors, ${options.iterations} iterations`
  step(title)
  const { ms, last } = await repeat(() => als(userItems, { ...options, seed: shopOptions.seed }))
  return lone(title, { values: ms, unit: 'ms', quality: { loss: fourDigits(alsLoss(userItems, last, options)) } })
}
