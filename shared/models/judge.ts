import type { Csr } from '../algorithms/csr.ts'
import { entriesOf, evaluateRanking } from './evaluate.ts'
import { listable } from './hybrid/candidates.ts'
import { popularityBaseline } from './popularity-baseline.ts'
import { rankCandidates, rankCatalogue, rankUsers } from './rank.ts'
import type { Algorithm, Recommender, RecommenderParameters, TrainingSet } from './recommender.ts'
import { trainRecommender } from './train-recommender.ts'

export interface Judgement {
  algorithm: Algorithm
  parameters: Recommender['parameters']
  /** For training and ranking together. */
  seconds: number
  metrics: Record<string, number>
}

/**
 * Trains one algorithm on the training set and judges its lists against the test matrix; `users` counts those judged.
 * @param input matrices of shape (users, items); candidates, where given, are all that is ranked for a user
 */
export async function judge(
  input: TrainingSet & {
    algorithm: Algorithm
    test: Csr
    candidates?: Csr
    ks: readonly number[]
    parameters: RecommenderParameters
    nowMs: () => number
  },
): Promise<{ judgement: Judgement; users: number }> {
  const { algorithm, train, test, candidates, ks, parameters, nowMs } = input
  const started = nowMs()
  const recommender = await trainRecommender(algorithm, input, parameters)
  const lists = rankedLists(recommender, input)
  const tested = Array.from({ length: test.rows }, (_, user) => user).filter(user => entriesOf(test, user).length > 0)
  const ranked = await rankUsers(lists, { recommender, users: tested, k: Math.max(...ks) })
  await recommender.close?.()
  const { users, metrics } = evaluateRanking({ train, test, lists: ranked, ks, ...(candidates ? { candidates } : {}) })
  const seconds = (nowMs() - started) / 1000
  return { judgement: { algorithm, parameters: recommender.parameters, seconds, metrics }, users }
}

/** What the recommender lists of a set: where candidates are given of these, else of the whole catalogue. */
export function rankedLists(recommender: Recommender, set: TrainingSet & { test: Csr; candidates?: Csr }) {
  const { train, test, candidates } = set
  const ranking = { recommender, fallback: popularityBaseline(train), items: train.columns }
  if (candidates) return rankCandidates({ ...ranking, candidates, test })
  return rankCatalogue({ ...ranking, excluded: listable(set).excluded })
}
