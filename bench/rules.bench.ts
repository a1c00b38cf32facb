import { pairRules } from '../shared/algorithms/association-rules.ts'
import type { Csr } from '../shared/algorithms/csr.ts'
import { sampleDataset, shopOptions, syntheticMatrix } from './matrices.ts'
import { repeat } from './repeat.ts'
import { type Bench, type BenchResult, lone } from './report.ts'
import { fourDigits } from './spread.ts'

/** Pair rules with the shop's own thresholds; quality is how many there are and how strong on average. */
export const rulesBench: Bench = async step => {
  const { baskets } = await sampleDataset()
  const synthetic = syntheticMatrix({ rows: 20_000, columns: 2000, perRow: 8, seed: 1 })
  return [await timedRules('synthetic', synthetic, step), await timedRules('sample shop', baskets, step)]
}

async function timedRules(name: string, baskets: Csr, step: (text: string) => void): Promise<BenchResult> {
  const { minSupport, minConfidence } = shopOptions.rules
  const size = `${baskets.rows} baskets x ${baskets.columns} items, ${baskets.indices.length} entries`
  const title = `${name} ${size}, support ${minSupport}, confidence ${minConfidence}`
  step(title)
  const { ms, last } = await repeat(() => pairRules(baskets, { minSupport, minConfidence, minLift: 1 }))
  const confidence = last.reduce((sum, rule) => sum + rule.confidence, 0) / Math.max(1, last.length)
  const quality = { rules: last.length, mean_confidence: fourDigits(confidence) }
  return lone(title, { values: ms, unit: 'ms', quality })
}
