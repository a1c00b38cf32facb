import { expect, test } from 'vitest'
import { type Csr, csrFromTriples } from '../algorithms/csr.ts'
import { judge } from './judge.ts'
import { rankCandidates } from './rank.ts'
import { algorithms, type Recommender } from './recommender.ts'

const parameters = {
  ...{ factors: 4, iterations: 10, regularization: 0.1, alpha: 10, conjugateGradientSteps: 3 },
  ...{ seed: 1, neighbours: 20, minCount: 1 },
}
// Even users take even items, odd users odd ones; each user's own number is held out.
const size = 20
const train = matrix((user, item) => user % 2 === item % 2 && user !== item)
const held = matrix((user, item) => user === item)

test.each(algorithms.filter(name => name !== 'popularity'))('%s finds the missing item of every user', algorithm => {
  const { judgement, users } = judge({ algorithm, train, test: held, ks: [1], parameters, nowMs: ticks() })
  expect(users).toBe(size)
  expect(judgement.metrics['recall@1']).toBe(1)
  expect(judgement.seconds).toBe(1)
})

test('popularity, to which all items are alike, finds hardly any', () => {
  const { judgement } = judge({ algorithm: 'popularity', train, test: held, ks: [1], parameters, nowMs: ticks() })
  expect(judgement.metrics['recall@1']).toBeLessThan(0.2)
  expect(judgement.parameters).toEqual({})
})

test('a user who is new to the model gets the popular items', () => {
  const known = matrix((user, item) => (user === 0 ? false : item === 5 || item === user))
  const newcomer = matrix((user, item) => user === 0 && item === 5)
  const { judgement, users } = judge({
    ...{ algorithm: 'als', train: known, test: newcomer, ks: [1], parameters, nowMs: ticks() },
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
