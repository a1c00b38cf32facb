import { expect, test } from 'vitest'
import { type Csr, csrFromTriples } from '../algorithms/csr.ts'
import { parseTrainingSettings } from '../schemas/settings.ts'
import { trainingOptions } from '../training/options.ts'
import { entriesOf } from './evaluate.ts'
import { judge } from './judge.ts'
import { rankCandidates } from './rank.ts'
import { type Algorithm, algorithms, type Recommender, type TrainingSet } from './recommender.ts'

const als = {
  ...{ factors: 4, iterations: 10, alpha: 10, conjugateGradientSteps: 3 },
  ...{ regularization: 0.1, regularizationExponent: 0 },
}
const training = { ...trainingOptions(parseTrainingSettings({})), als }
const parameters = { ...als, seed: 1, neighbours: 20, minCount: 1, training, weights: [['personal', 1]] as const }
// Even users take even items, odd users odd ones; each user's own number is held out.
const size = 20
const had = matrix((user, item) => user % 2 === item % 2 && user !== item)
const content = Array.from({ length: size }, (_, item) => ({
  text: item % 2 === 0 ? 'even' : 'odd',
  category: 'numbers',
}))
const learned = { ...set(had), views: had, content }
const held = matrix((user, item) => user === item)

/** To whom all users are alike, and what lists only what a user had. */
const others: readonly Algorithm[] = ['popularity', 'popularity-7-days', 'trending', 'buy-again']

test.each(algorithms.filter(name => !others.includes(name)))(
  '%s finds the missing item of every user',
  async algorithm => {
    const { judgement, users } = await judge({ ...learned, algorithm, test: held, ks: [1], parameters, nowMs: ticks() })
    expect(users).toBe(size)
    expect(judgement.metrics['recall@1']).toBe(1)
    expect(judgement.seconds).toBe(1)
  },
)

test('popularity, to which all items are alike, finds hardly any', async () => {
  const { judgement } = await judge({
    ...learned,
    algorithm: 'popularity',
    test: held,
    ks: [1],
    parameters,
    nowMs: ticks(),
  })
  expect(judgement.metrics['recall@1']).toBeLessThan(0.2)
  expect(judgement.parameters).toEqual({})
})

test('a user who is new to the model gets the popular items', async () => {
  const known = matrix((user, item) => (user === 0 ? false : item === 5 || item === user))
  const newcomer = matrix((user, item) => user === 0 && item === 5)
  const { judgement, users } = await judge({
    ...{ ...set(known), algorithm: 'als', test: newcomer, ks: [1], parameters, nowMs: ticks() },
  })
  expect(users).toBe(1)
  expect(judgement.metrics['recall@1']).toBe(1)
})

test('rankCandidates() ranks the candidates and the test item alone, the test item last on ties', () => {
  const byScore = (scores: number[]): Recommender => ({
    ...{ algorithm: 'popularity', parameters: {} },
    scoreItems: (_, into) => {
      into.set(scores)
      return true
    },
  })
  const candidates = matrix((user, item) => user === 0 && (item === 3 || item === 4))
  const lists = (scores: number[]) => {
    const recommender = byScore(scores)
    return rankCandidates({ recommender, fallback: recommender, items: size, candidates, test: held })(0, 3)
  }
  expect(lists([1, 9, 9, 1, 2])).toEqual([4, 3, 0])
  expect(lists([2, 9, 9, 1, 1])).toEqual([0, 3, 4])
})

test('sidecart puts what sells now before what sold once, for newcomers and for those it knows alike', async () => {
  // Everybody from user 1 on bought item 1 in spring and user 1 bought item 2 today: user 0 is new.
  const bought = matrix((user, item) => (user > 0 && item === 1) || (user === 1 && item === 2))
  const lastBought = { user: [1, 2, 3, 1], item: [1, 1, 1, 2], at: [0, 0, 0, 100 * 86_400] }
  const now = { train: bought, sales: lastBought, until: 100 * 86_400 }
  const found = async (algorithm: 'sidecart' | 'popularity' | 'popularity-7-days', isHeld: typeof heldByNewcomer) => {
    const { judgement } = await judge({ ...now, algorithm, test: matrix(isHeld), ks: [1], parameters, nowMs: ticks() })
    return judgement.metrics['recall@1']
  }
  const heldByNewcomer = (user: number, item: number) => user === 0 && item === 2
  const heldByKnown = (user: number, item: number) => user === 5 && item === 2
  expect(await found('popularity', heldByNewcomer)).toBe(0)
  expect(await found('popularity-7-days', heldByNewcomer)).toBe(1)
  expect(await found('sidecart', heldByNewcomer)).toBe(1)
  expect(await found('sidecart', heldByKnown)).toBe(1)
})

test('sidecart has the same list for the same seed, and its parameters say what it was trained with', async () => {
  const outcome = async () =>
    (await judge({ ...learned, algorithm: 'sidecart', test: held, ks: [5], parameters, nowMs: ticks() })).judgement
  expect(await outcome()).toEqual(await outcome())
  expect((await outcome()).parameters).toMatchObject({ factors: 4, seed: 1, popularityShare: training.popularityShare })
})

test('the popularity of the last days is refused where nothing tells times', async () => {
  const untimed = { ...learned, until: undefined, test: held, ks: [1], parameters, nowMs: ticks() }
  await expect(judge({ ...untimed, algorithm: 'popularity-7-days' })).rejects.toThrow(
    'the interactions have no timestamp',
  )
})

/** A training set of one second, in which every cell was bought once. */
function set(train: Csr): TrainingSet {
  const user = Array.from({ length: train.rows }, (_, row) => entriesOf(train, row).map(() => row)).flat()
  return { train, sales: { user, item: train.indices, at: user.map(() => 0) }, until: 0 }
}

function matrix(isSet: (user: number, item: number) => boolean): Csr {
  const cells = Array.from({ length: size * size }, (_, cell) => cell).filter(cell =>
    isSet(Math.floor(cell / size), cell % size),
  )
  return csrFromTriples({
    rows: size,
    columns: size,
    rowOf: cells.map(cell => Math.floor(cell / size)),
    columnOf: cells.map(cell => cell % size),
    valueOf: cells.map(() => 1),
  })
}

/** A clock that goes one second at every look. */
function ticks(): () => number {
  let now = 0
  return () => (now += 1000)
}
