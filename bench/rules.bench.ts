import type { Csr } from '../shared/algorithms/csr.ts'
import { frequentItemsets } from '../shared/algorithms/fp-growth.ts'
import { type Itemsets, itemsetLengths } from '../shared/algorithms/itemsets.ts'
import { minCountOf } from '../shared/algorithms/min-count.ts'
import { rankedBaskets } from '../shared/algorithms/ranked-baskets.ts'
import { rulesPerItem } from '../shared/algorithms/rules-per-item.ts'
import { cartHits } from './cart-hits.ts'
import { interleave, timed } from './interleave.ts'
import { sampleDataset, shopOptions } from './matrices.ts'
import { type Borgelt, openBorgelt } from './peers/borgelt.ts'
import { repeat } from './repeat.ts'
import { type Bench, type BenchResult, compared, lone } from './report.ts'
import { shopMatrix } from './shop-matrix.ts'

const runs = 5

/** Itemsets of a million baskets beside Borgelt's programs; rules of the sample shop with its own thresholds. */
export const rulesBench: Bench = async step => {
  const { baskets } = await sampleDataset()
  const results = [await timedRules('sample shop', baskets, step)]
  const many = shopMatrix({ users: 1_000_000, items: 20_000, perUser: 9, seed: 1 })
  const peers = await openBorgelt(many, step)
  try {
    for (const minSupport of [0.001, 0.0005]) results.push(await comparedItemsets(many, minSupport, { peers, step }))
  } finally {
    await peers?.close()
  }
  return results
}

async function comparedItemsets(
  baskets: Csr,
  minSupport: number,
  { peers: borgelt, step }: { peers: Borgelt | undefined; step: (text: string) => void },
): Promise<BenchResult> {
  const minCount = minCountOf(minSupport, baskets.rows)
  const title = `itemsets of ${sizeOf(baskets)}, support ${minSupport}`
  step(title)
  const { sidecart, peers } = await interleave<number>(
    {
      sidecart: async () => {
        const { result, ...took } = await timed(() => itemsetsOf(baskets, { minCount }))
        return { ...took, result: result.counts.length }
      },
    },
    borgelt ? { fpgrowth: () => borgelt.mine('fpgrowth', minCount), eclat: () => borgelt.mine('eclat', minCount) } : {},
    { runs, warmUps: 1, step },
  )
  for (const [name, { last }] of Object.entries(peers)) {
    if (last !== sidecart.last) throw new Error(`Sidecart found ${sidecart.last} itemsets, ${name} found ${last}`)
  }
  return compared(title, { sidecart, peers, quality: { itemsets: sidecart.last } })
}

async function timedRules(name: string, baskets: Csr, step: (text: string) => void): Promise<BenchResult> {
  const { minSupport, maxLength, ...thresholds } = shopOptions.rules
  const minCount = minCountOf(minSupport, baskets.rows)
  const title = `rules of ${name}, ${sizeOf(baskets)}, support ${minSupport}, confidence ${thresholds.minConfidence}, length ${maxLength}`
  step(title)
  const { ms, last } = await repeat(() => {
    const itemsets = itemsetsOf(baskets, { minCount, maxLength })
    return { itemsets, rules: rulesPerItem(itemsets, { ...thresholds, rulesPerItem: 50 }) }
  })
  const counts = {
    itemsets_by_length: itemsetLengths(last.itemsets).join(' '),
    rules: new Set(last.rules.flat()).size,
  }
  const quality = { ...counts, ...(await cartHits(baskets, shopOptions.rules)) }
  return lone(title, { values: ms, unit: 'ms', quality })
}

function itemsetsOf(baskets: Csr, bounds: { minCount: number; maxLength?: number }): Itemsets {
  return frequentItemsets({ ...rankedBaskets(baskets, bounds.minCount), rows: baskets.rows }, bounds)
}

function sizeOf({ rows, columns, indices }: Csr): string {
  return `${rows} baskets x ${columns} items, ${indices.length} entries`
}
