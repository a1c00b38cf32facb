import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { seededRandom } from '../shared/algorithms/random.ts'
import { timeSplit } from '../shared/models/evaluate.ts'
import { evaluationData } from '../shared/models/evaluation-data.ts'
import { type HeldOut, holdOut } from '../shared/models/hold-out.ts'
import { sourcesOf, sourceWeights } from '../shared/models/hybrid/judge-sources.ts'
import { filterRows, type IdNumbers, type InteractionTable, noIds } from '../shared/models/interaction-table.ts'
import { rankedLists } from '../shared/models/judge.ts'
import { rankUsers } from '../shared/models/rank.ts'
import { type Algorithm, algorithms, type TrainingSet } from '../shared/models/recommender.ts'
import { trainRecommender } from '../shared/models/train-recommender.ts'
import { parseTrainingSettings } from '../shared/schemas/settings.ts'
import { trainingOptions } from '../shared/training/options.ts'

const size = { users: 30, items: 24, rows: 600 }
const day = 86_400_000
const testShare = 0.2
const als = {
  factors: 4,
  iterations: 2,
  alpha: 10,
  conjugateGradientSteps: 3,
  regularization: 1,
  regularizationExponent: 0,
}
const training = { ...trainingOptions(parseTrainingSettings({})), als }
const parameters = { ...als, seed: 1, neighbours: 10, minCount: 1, training, weights: [['personal', 1]] as const }

const content = Array.from({ length: size.items }, (_, item) => ({ text: `kind ${item % 5}`, category: 'all' }))

describe('a time machine: what happens from the split on changes nothing that is learned', () => {
  test.each(algorithms)('%s', async algorithm => {
    const learn = (split: HeldOut) =>
      scoresOf(algorithm, { ...evaluationData(split, ids(), training.strength), content })
    expect(await seesTheFuture(learn)).toBe(false)
  })

  test('the weights of the sources', async () => {
    expect(
      await seesTheFuture(async ({ train }) => {
        const validation = holdOut(train, { by: 'time', share: testShare }, { seed: 1 })
        const data = evaluationData(validation, ids(), training.strength)
        return JSON.stringify(await sourceWeights(data, sourcesOf(data), parameters))
      }),
    ).toBe(false)
  })

  test.each<[string, (split: HeldOut) => TrainingSet]>([
    [
      'learns from test rows too',
      split => evaluationData({ ...split, train: joined(split) }, ids(), training.strength),
    ],
    [
      'knows how popular items will be',
      split => {
        const { sales, until } = evaluationData({ ...split, train: joined(split) }, ids(), training.strength)
        return { ...evaluationData(split, ids(), training.strength), sales, until }
      },
    ],
    [
      'counts what will be bought together',
      split => {
        const { baskets } = evaluationData({ ...split, train: joined(split) }, ids(), training.strength)
        return { ...evaluationData(split, ids(), training.strength), ...(baskets ? { baskets } : {}) }
      },
    ],
    [
      'knows the strengths as of the end of the test',
      split => {
        const { train } = evaluationData({ ...split, train: joined(split) }, ids(), training.strength)
        const past = evaluationData(split, ids(), training.strength)
        const values = past.train.values.map((value, entry) => value * (train.values[entry] ?? 1))
        return { ...past, train: { ...past.train, values } }
      },
    ],
  ])('catches a source that %s', async (_, leaking) => {
    const blended = [
      ['personal', 1],
      ['copurchase', 1],
    ] as const
    expect(await seesTheFuture(split => scoresOf('sidecart', leaking(split), blended))).toBe(true)
  })
})

describe('the split by time', () => {
  test('is strict: all that is learned from is earlier than all that is to be found', () => {
    const moments = fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 5, maxLength: 60 })
    fc.assert(
      fc.property(moments, fc.double({ min: 0.05, max: 0.6, noNaN: true }), (atOf, share) => {
        const rows = { ...tableOf(1), ...{ userOf: atOf.map(() => 0), itemOf: atOf.map(() => 0), atOf } }
        fc.pre(Math.min(...atOf) < Float64Array.from(atOf).sort()[Math.floor(atOf.length * (1 - share))]!)
        const { train, test: held } = timeSplit({ ...rows, typeOf: [], valueOf: [], orderOf: [] }, { testShare: share })
        expect(Math.max(...train.atOf)).toBeLessThan(Math.min(...held.atOf))
        expect(train.atOf.length + held.atOf.length).toBe(atOf.length)
        expect(held.atOf.length).toBeGreaterThanOrEqual(Math.floor(atOf.length * share))
      }),
    )
  })

  test('holds for baskets: one under way at the split is on neither side', () => {
    const table = tableOf(1)
    const baskets = {
      ...table,
      userOf: table.orderOf,
      atOf: table.orderOf.map((order, row) => order * day + (row % 3) * day),
    }
    const {
      train,
      test: held,
      histories,
    } = holdOut(baskets, { by: 'basket', share: 0.2, given: 'all-but-one' }, { seed: 1 })
    const later = [...held.atOf, ...(histories?.atOf ?? [])]
    expect(later.length).toBeGreaterThan(50)
    expect(Math.max(...train.atOf)).toBeLessThan(Math.min(...later))
    expect(train.userOf.length + later.length).toBeLessThan(table.userOf.length)
  })

  test('is over the full catalogue: a list may hold every item that its user has not, also one nobody had before', async () => {
    const { train, test: held } = timeSplit(tableOf(1), { testShare })
    const cut = filterRows(train, row => train.itemOf[row] !== 0)
    const data = evaluationData({ train: cut, test: held }, ids(), training.strength)
    const recommender = await trainRecommender('sidecart', data, parameters)
    const users = Array.from({ length: size.users }, (_, user) => user)
    const lists = await rankUsers(rankedLists(recommender, data), { recommender, users, k: size.items })
    await recommender.close?.()
    for (const user of users) {
      const had = data.train.indices.subarray(data.train.indptr[user], data.train.indptr[user + 1])
      const listed = [...Array.from(lists(user, size.items)), ...had].sort((a, b) => a - b)
      expect(listed).toEqual(Array.from({ length: size.items }, (_, item) => item))
    }
  })
})

/** Whether what is learned of a shop changes with what its customers do from the split on. */
async function seesTheFuture(learn: (split: HeldOut) => Promise<string>): Promise<boolean> {
  const one = timeSplit(tableOf(1), { testShare })
  const other = timeSplit(tableOf(2), { testShare })
  expect(other.train).toEqual(one.train)
  expect(other.test).not.toEqual(one.test)
  return (await learn(one)) !== (await learn(other))
}

async function scoresOf(
  algorithm: Algorithm,
  set: TrainingSet,
  weights: Parameters<typeof trainRecommender>[2]['weights'] = parameters.weights,
): Promise<string> {
  const recommender = await trainRecommender(algorithm, set, { ...parameters, weights })
  const scores = new Float32Array(size.items)
  const all: number[] = []
  for (let user = 0; user < size.users; user++) {
    await recommender.batch?.prepare([user])
    all.push(recommender.scoreItems(user, scores) ? 1 : 0, ...scores)
    scores.fill(0)
  }
  await recommender.close?.()
  return JSON.stringify(all)
}

/** A shop whose first four fifths are the same whatever the future. */
function tableOf(future: number): InteractionTable {
  const past = seededRandom(7)
  const later = seededRandom(future)
  const rows = Array.from({ length: size.rows }, (_, row) => {
    const random = row < size.rows * (1 - testShare) ? past : later
    const taste = Math.floor(random() * size.users)
    const item =
      random() < 0.7 ? (taste % 2) + 2 * Math.floor((random() * size.items) / 2) : Math.floor(random() * size.items)
    return { user: taste, item, isView: random() < 0.4, order: Math.floor(row / 4) }
  })
  return {
    userOf: rows.map(({ user }) => user),
    itemOf: rows.map(({ item }) => item),
    typeOf: rows.map(({ isView }) => (isView ? 'view' : 'purchase')),
    valueOf: rows.map(() => 0),
    atOf: rows.map((_, row) => (row + 1) * (day / 4)),
    orderOf: rows.map(({ order }) => order),
  }
}

function joined({ train, test: held }: HeldOut): InteractionTable {
  return {
    userOf: [...train.userOf, ...held.userOf],
    itemOf: [...train.itemOf, ...held.itemOf],
    typeOf: [...train.typeOf, ...held.typeOf],
    valueOf: [...train.valueOf, ...held.valueOf],
    atOf: [...train.atOf, ...held.atOf],
    orderOf: [...train.orderOf, ...held.orderOf],
  }
}

function ids(): IdNumbers {
  const numbers = (count: number, letter: string) =>
    new Map(Array.from({ length: count }, (_, number) => [`${letter}${number}`, number] as const))
  return {
    ...noIds(),
    users: numbers(size.users, 'u'),
    items: numbers(size.items, 'i'),
    orders: numbers(size.rows / 4, 'o'),
  }
}
