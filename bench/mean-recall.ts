import type { Factors } from '../shared/algorithms/als.ts'
import type { Csr } from '../shared/algorithms/csr.ts'
import { Workspace } from '../shared/algorithms/kernels/workspace.ts'
import { recallAtK } from '../shared/algorithms/ranking-metrics.ts'
import { topNForUsers } from '../shared/algorithms/top-n.ts'
import { prepareItems } from '../shared/algorithms/top-n-items.ts'
import { threads } from './threads.ts'

/** Enough for a standard error below .003. */
const usersMax = 10_000

/**
 * Recall@k over the first 10,000 users, of whom those count that have entries in `test`; entries of `train` are not
 * recommended.
 */
export async function meanRecall(
  { factors, userFactors, itemFactors }: Factors,
  { train, test, k }: { train: Csr; test: Csr; k: number },
): Promise<number> {
  const users = Math.min(usersMax, train.rows)
  const workspace = new Workspace({ threads })
  try {
    const lists = await topNForUsers(workspace, {
      items: prepareItems(workspace, { itemFactors, factors }),
      userFactors: userFactors.subarray(0, users * factors),
      n: k,
      exclude: { ...train, rows: users, indptr: train.indptr.subarray(0, users + 1) },
    })
    let sum = 0
    let judged = 0
    for (let user = 0; user < users; user++) {
      const relevant = new Set(test.indices.subarray(test.indptr[user], test.indptr[user + 1]))
      if (relevant.size === 0) continue
      sum += recallAtK(lists.items.subarray(user * k, user * k + lists.counts[user]!), relevant, k)
      judged += 1
    }
    return sum / Math.max(1, judged)
  } finally {
    await workspace.close()
  }
}
