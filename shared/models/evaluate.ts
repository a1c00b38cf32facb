import type { Csr } from '../algorithms/csr.ts'
import {
  averagePrecisionAtK,
  coverageAtK,
  hitRateAtK,
  ndcgAtK,
  precisionAtK,
  recallAtK,
} from '../algorithms/ranking-metrics.ts'
import { filterRows, type InteractionTable } from './interaction-table.ts'

/** The best k items of a user, best first; fewer when fewer can be ranked. */
export type RankedList = (user: number, k: number) => ArrayLike<number>

interface Evaluation {
  /** How many users the averages are over. */
  users: number
  /** By name and k, as `recall@20`. */
  metrics: Record<string, number>
}

const userMetrics = {
  recall: recallAtK,
  ndcg: ndcgAtK,
  precision: precisionAtK,
  map: averagePrecisionAtK,
  hit_rate: hitRateAtK,
}

/**
 * Splits at one moment for all users, as a shop lives it: train is strictly earlier, test is the `testShare` of rows
 * from that moment on (more when several rows share it). Source: Meng et al., RecSys 2020 (temporal global split).
 * @param options testShare is above 0 and below 1
 * @throws RangeError when the share is out of range, rows have no times or a side is empty
 */
export function timeSplit(
  interactions: InteractionTable,
  { testShare }: { testShare: number },
): { train: InteractionTable; test: InteractionTable; splitAt: number } {
  if (!(testShare > 0 && testShare < 1)) {
    throw new RangeError(`Cannot split by time as testShare must be above 0 and below 1: current value is ${testShare}`)
  }
  const { atOf } = interactions
  if (atOf.length === 0) throw new RangeError('Cannot split by time as the interactions have no timestamp')
  const splitAt = Float64Array.from(atOf).sort()[Math.floor(atOf.length * (1 - testShare))]!
  const train = filterRows(interactions, row => atOf[row]! < splitAt)
  if (train.userOf.length === 0) {
    throw new RangeError(
      `Cannot split by time as no interaction is earlier than the split at ${new Date(splitAt).toISOString()}`,
    )
  }
  return { train, test: filterRows(interactions, row => atOf[row]! >= splitAt), splitAt }
}

/**
 * Averages the metrics over every user with at least one relevant item. Relevant are the user's test items, without
 * those of the train set where the whole catalogue is ranked (a list never holds them), and all of them where the
 * candidates are given (the published protocols leave them in). A user the lists know nothing of counts as 0.
 * @param evaluation train and test have shape (users, items); their values are not read
 */
export function evaluateRanking(evaluation: {
  train: Csr
  test: Csr
  lists: RankedList
  ks: readonly number[]
  candidates?: Csr
}): Evaluation {
  const { train, test, lists, ks, candidates } = evaluation
  const kMax = Math.max(...ks)
  const sums = new Map<string, number>()
  const shown: ArrayLike<number>[] = []
  for (let user = 0; user < test.rows; user++) {
    const seen = candidates ? new Set<number>() : new Set(entriesOf(train, user))
    const relevant = new Set(entriesOf(test, user).filter(item => !seen.has(item)))
    if (relevant.size === 0) continue
    const list = lists(user, kMax)
    shown.push(list)
    for (const k of ks) {
      for (const [name, metric] of Object.entries(userMetrics)) {
        const key = `${name}@${k}`
        sums.set(key, (sums.get(key) ?? 0) + metric(list, relevant, k))
      }
    }
  }
  const metrics: Record<string, number> = {}
  for (const k of ks) {
    for (const name of Object.keys(userMetrics)) {
      metrics[`${name}@${k}`] = shown.length === 0 ? 0 : (sums.get(`${name}@${k}`) ?? 0) / shown.length
    }
    metrics[`coverage@${k}`] = coverageAtK(shown, k, train.columns)
  }
  return { users: shown.length, metrics }
}

/** The columns of one row. */
export function entriesOf({ indptr, indices }: Csr, row: number): number[] {
  return Array.from(indices.subarray(indptr[row]!, indptr[row + 1]!))
}
