import { ndcgAtK, recallAtK } from '../../algorithms/ranking-metrics.ts'
import type { TuningParameters, TuningTrial } from '../../schemas/tuning.ts'
import type { TrainingOptions } from '../../training/options.ts'
import { entriesOf } from '../evaluate.ts'
import { popularityBaseline } from '../popularity-baseline.ts'
import { rankCatalogue, rankUsers } from '../rank.ts'
import { trainPersonal } from '../train-personal.ts'
import type { TrainedParts } from '../trained-parts.ts'
import { tunedOptions } from './tuned-options.ts'
import type { TuningSplit } from './validation-split.ts'

/** A user's group is its number modulo this. */
const groupCount = 32
/** Users judged at most, spread evenly over those with something held out. */
const usersMax = 2000
const k = 20

/**
 * Trains what the shop serves with the parameters on the split's train side and judges the lists of up to 2,000 users by
 * what was held out.
 * @param options training is everything that is not tuned, parts what earlier trials of the same split left
 */
export async function judgeTrial(
  split: TuningSplit,
  parameters: TuningParameters,
  options: { training: TrainingOptions; threads?: number; parts?: TrainedParts; nowMs: () => number },
): Promise<TuningTrial> {
  const { training, nowMs, ...machine } = options
  const started = nowMs()
  const { train, held } = split
  const recommender = await trainPersonal(split, { training: tunedOptions(training, parameters), ...machine })
  const users = judgedUsers(held.indptr)
  const catalogue = rankCatalogue({
    recommender,
    fallback: popularityBaseline(train),
    items: train.columns,
    excluded: train,
  })
  const lists = await rankUsers(catalogue, { recommender, users, k })
  await recommender.close?.()
  const sums = Array.from({ length: groupCount }, () => ({ ndcg: 0, users: 0 }))
  let recall = 0
  for (const user of users) {
    const relevant = new Set(entriesOf(held, user))
    const list = lists(user, k)
    const group = sums[user % groupCount]!
    group.ndcg += ndcgAtK(list, relevant, k)
    group.users += 1
    recall += recallAtK(list, relevant, k)
  }
  const ndcg = sums.reduce((sum, group) => sum + group.ndcg, 0)
  return {
    parameters,
    metrics: { 'ndcg@20': ndcg / users.length, 'recall@20': recall / users.length },
    groups: sums.filter(group => group.users > 0).map(group => group.ndcg / group.users),
    seconds: (nowMs() - started) / 1000,
  }
}

function judgedUsers(indptr: Uint32Array): number[] {
  const users = Array.from({ length: indptr.length - 1 }, (_, user) => user).filter(
    user => indptr[user]! < indptr[user + 1]!,
  )
  const judged = Math.min(usersMax, users.length)
  return Array.from({ length: judged }, (_, place) => users[Math.floor((place * users.length) / judged)]!)
}
