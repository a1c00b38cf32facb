import { type Csr, csrFromTriples } from '../../algorithms/csr.ts'
import { entriesOf } from '../evaluate.ts'
import type { EvaluationData } from '../evaluation-data.ts'
import { rankedLists } from '../judge.ts'
import { popularityBaseline } from '../popularity-baseline.ts'
import { rankUsers } from '../rank.ts'
import type { Algorithm, Recommender, RecommenderParameters, SourceWeights, TrainingSet } from '../recommender.ts'
import { trainRecommender } from '../train-recommender.ts'
import { noParts } from '../trained-parts.ts'
import { type JudgedUser, type UserFigures, userFigures } from '../user-figures.ts'
import { listable } from './candidates.ts'
import { hybridRecommender } from './hybrid-recommender.ts'
import { proposalsOf } from './proposals.ts'
import { weighSources } from './weigh-sources.ts'

/** Users that weights are found on, at most. */
const validationUsersMax = 3000
/** Users and items of so few interactions are cold. */
const coldMax = 2

/** What the app has to blend a user's lists from, as far as the set tells what it is made of. */
export function sourcesOf({ histories, views, content, until, repeats }: TrainingSet): Algorithm[] {
  return [
    // A basket is nobody a list was published for.
    ...(histories ? [] : (['personal'] as const)),
    ...(['item-als', 'copurchase', 'user-neighbours', 'rules'] as const),
    ...(content ? (['content'] as const) : []),
    ...(repeats ? (['buy-again'] as const) : []),
    ...(views ? (['also-viewed'] as const) : []),
    ...(until === undefined ? [] : (['trending'] as const)),
    'popularity',
  ]
}

/** Weights of sources on a validation part of a set; sources that earned none are left out. */
export async function sourceWeights(
  validation: EvaluationData,
  sources: readonly Algorithm[],
  parameters: RecommenderParameters,
): Promise<SourceWeights> {
  const trained = await trainedSources(validation, sources, parameters)
  const recommenders = trained.map(({ recommender }) => recommender)
  const proposals = await proposalsOf(recommenders, {
    ...listable(validation),
    ...{ held: validation.test, usersMax: validationUsersMax },
  })
  await closeAll(recommenders)
  const { weights } = weighSources(proposals, sources.length)
  const rounded = weights.map(weight => Math.round(weight * 1000) / 1000)
  return sources.map((source, place) => [source, rounded[place]!] as const).filter(([, weight]) => weight > 0)
}

export interface JudgedSources {
  users: readonly JudgedUser[]
  /** Of each source alone, by name, and of `sidecart`, the blend. */
  figures: ReadonlyMap<Algorithm, UserFigures>
  /** Whether a judged user has at most two interactions to tell taste by. */
  isColdUser: readonly boolean[]
  /** Test items of the users judged: all, of at most two interactions, of none. */
  pairs: { all: number; cold: number; unknown: number }
}

/** Judges each source alone and their blend on what was held out, over at most `usersMax` users, spread evenly. */
export async function judgeSources(
  data: EvaluationData,
  of: {
    sources: readonly Algorithm[]
    weights: SourceWeights
    parameters: RecommenderParameters
    usersMax: number
    say: (line: string) => void
  },
): Promise<JudgedSources> {
  const { sources, weights, parameters, usersMax, say } = of
  const trained = await trainedSources(data, sources, parameters)
  const hybrid = hybridRecommender({
    ...listable(data),
    sources: weights.flatMap(([name, weight]) => {
      const source = trained.find(({ name: known }) => known === name)
      return source ? [{ ...source, weight }] : []
    }),
    ...{ items: data.train.columns, backfill: popularityBaseline(data.train) },
  })
  const users = judgedUsers(data, usersMax)
  const interactions = columnCounts(data.train)
  const isCold = (item: number) => interactions[item]! <= coldMax
  const figures = new Map<Algorithm, UserFigures>()
  for (const { name, recommender } of [...trained, { name: 'sidecart' as const, recommender: hybrid }]) {
    say(`  judging ${name}`)
    const lists = await rankUsers(rankedLists(recommender, data), {
      ...{ recommender, users: users.map(({ user }) => user), k: 20 },
    })
    figures.set(name, userFigures(lists, users, isCold))
  }
  await closeAll(trained.map(({ recommender }) => recommender))
  const { histories = data.train } = data
  const found = users.flatMap(({ relevant }) => [...relevant])
  return {
    users,
    figures,
    isColdUser: users.map(({ user }) => histories.indptr[user + 1]! - histories.indptr[user]! <= coldMax),
    pairs: {
      all: found.length,
      cold: found.filter(isCold).length,
      unknown: found.filter(item => interactions[item] === 0).length,
    },
  }
}

/** What is to be found and new to its user, shape (users, items). */
export function newPairs({ train, test }: Pick<EvaluationData, 'train' | 'test'>): Csr {
  const rowOf: number[] = []
  const columnOf: number[] = []
  for (let user = 0; user < test.rows; user++) {
    const seen = new Set(entriesOf(train, user))
    for (const item of entriesOf(test, user)) {
      if (seen.has(item)) continue
      rowOf.push(user)
      columnOf.push(item)
    }
  }
  return csrFromTriples({ rows: test.rows, columns: test.columns, rowOf, columnOf, valueOf: rowOf.map(() => 1) })
}

async function trainedSources(set: TrainingSet, sources: readonly Algorithm[], parameters: RecommenderParameters) {
  const parts = noParts()
  const trained: { name: Algorithm; recommender: Recommender }[] = []
  for (const name of sources) trained.push({ name, recommender: await trainRecommender(name, set, parameters, parts) })
  return trained
}

async function closeAll(recommenders: readonly Recommender[]): Promise<void> {
  for (const recommender of recommenders) await recommender.close?.()
}

/** Users with something to find: of a list that never holds what they have, what is new to them. */
function judgedUsers(data: EvaluationData, usersMax: number): JudgedUser[] {
  const { test } = data
  const { excluded } = listable(data)
  const judged: JudgedUser[] = []
  for (let user = 0; user < test.rows; user++) {
    const seen = new Set(excluded ? entriesOf(excluded, user) : [])
    const relevant = new Set(entriesOf(test, user).filter(item => !seen.has(item)))
    if (relevant.size > 0) judged.push({ user, relevant })
  }
  if (judged.length <= usersMax) return judged
  return Array.from({ length: usersMax }, (_, place) => judged[Math.floor((place * judged.length) / usersMax)]!)
}

function columnCounts({ columns, indices }: EvaluationData['train']): Uint32Array {
  const counts = new Uint32Array(columns)
  for (const column of indices) counts[column]! += 1
  return counts
}
