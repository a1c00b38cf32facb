import { als, type Factors } from '../shared/algorithms/als.ts'
import type { Csr } from '../shared/algorithms/csr.ts'
import { Workspace } from '../shared/algorithms/kernels/workspace.ts'
import { scoreItems, topNForUsers, type UserLists } from '../shared/algorithms/top-n.ts'
import { prepareItems } from '../shared/algorithms/top-n-items.ts'
import { alsOptions, sampleDataset, shopOptions, syntheticMatrix } from './matrices.ts'
import { repeat } from './repeat.ts'
import { type Bench, type BenchResult, lone } from './report.ts'

const usersCompared = 50

/** The lists of all users of a fitted model; quality is the share of list places that sorting every item gives too. */
export const topNBench: Bench = async step => {
  const { userItems, exclude } = await sampleDataset()
  const synthetic = syntheticMatrix({ rows: 2000, columns: 10_000, perRow: 40, seed: 1 })
  return [
    await timedLists('synthetic', { fitted: synthetic, exclude: synthetic }, step),
    await timedLists('sample shop', { fitted: userItems, exclude }, step),
  ]
}

async function timedLists(
  name: string,
  { fitted, exclude }: { fitted: Csr; exclude: Csr },
  step: (text: string) => void,
): Promise<BenchResult> {
  const n = shopOptions.listSize
  const title = `${name} ${fitted.rows} users x ${fitted.columns} items, ${alsOptions.factors} factors, n = ${n}`
  step(title)
  const factors = await als(fitted, { ...alsOptions, iterations: 2, seed: shopOptions.seed })
  const workspace = new Workspace({ threads: 1 })
  const items = prepareItems(workspace, factors)
  const { userFactors } = factors
  const { ms, last } = await repeat(() => topNForUsers(workspace, { items, userFactors, n, exclude }))
  return lone(title, { values: ms, unit: 'ms', quality: { agreement: agreement(last, factors, exclude) } })
}

function agreement(lists: UserLists, factors: Factors, exclude: Csr): number {
  const scores = new Float32Array(factors.items)
  let same = 0
  let places = 0
  for (let user = 0; user < Math.min(usersCompared, factors.users); user++) {
    if (!scoreItems(factors, user, scores)) continue
    const excluded = new Set(exclude.indices.subarray(exclude.indptr[user], exclude.indptr[user + 1]))
    const sorted = Array.from(scores, (score, item) => ({ score, item }))
      .filter(({ item }) => !excluded.has(item))
      .sort((a, b) => b.score - a.score || a.item - b.item)
    for (let place = 0; place < Math.min(lists.n, sorted.length); place++) {
      places += 1
      if (sorted[place]?.item === lists.items[user * lists.n + place]) same += 1
    }
  }
  return places === 0 ? 1 : same / places
}
