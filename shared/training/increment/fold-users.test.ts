import { expect, test } from 'vitest'
import { csrFromTriples } from '../../algorithms/csr.ts'
import { foldIn } from '../../algorithms/fold-in.ts'
import { gramian } from '../../algorithms/gramian.ts'
import { gaussian, seededRandom } from '../../algorithms/random.ts'
import { foldUsers } from './fold-users.ts'
import { selectFactors, selectRows } from './select-rows.ts'

const random = seededRandom(5)
const factors = 3
const table = (rows: number) => Float32Array.from({ length: rows * factors }, () => gaussian(random))
const side = (values: Float32Array) => ({ factors, values, gramian: gramian(values, factors) })
const parameters = { alpha: 2, regularization: 0.1, regularizationExponent: 0.5, meanEntries: 2 }
/** Users 10 to 13, and what they did with five items; user 13 did nothing. */
const rows = csrFromTriples({
  ...{ rows: 4, columns: 5, rowOf: [0, 0, 1, 2, 2, 2], columnOf: [0, 3, 1, 2, 3, 4], valueOf: [1, 2, 1, 3, 1, 1] },
})

function folded(changed: number[], without: number[] = []) {
  const items = side(table(5))
  const before = table(14)
  for (const user of without) before.fill(0, user * factors, (user + 1) * factors)
  const users = side(before.slice())
  const flags = new Uint8Array(14)
  foldUsers(rows, 10, {
    ...{ users, items, parameters, folded: flags },
    changed: Uint8Array.from({ length: 14 }, (_, user) => (changed.includes(user) ? 1 : 0)),
  })
  const vector = (values: Float32Array, user: number) => [...values.subarray(user * factors, (user + 1) * factors)]
  return {
    items,
    users,
    flags,
    before: (user: number) => vector(before, user),
    now: (user: number) => vector(users.values, user),
  }
}

test('a user who changed gets the vector of all feedback there is, the others keep theirs, and the Gramian follows', () => {
  const { items, users, flags, before, now } = folded([12])
  const byHand = foldIn({ columns: [2, 3, 4], strengths: [3, 1, 1] }, items, parameters)
  expect(now(12)).toEqual([...byHand])
  for (const user of [0, 10, 11, 13]) expect(now(user)).toEqual(before(user))
  expect([...flags.keys()].filter(user => flags[user] === 1)).toEqual([12])
  for (const [cell, value] of gramian(users.values, factors).entries()) {
    expect(users.gramian[cell]).toBeCloseTo(value, 5)
  }
})

test('a user without a vector gets one as soon as there is feedback to make it of', () => {
  const { flags, now } = folded([], [11, 13])
  expect(now(11).some(value => value !== 0)).toBe(true)
  expect(now(13)).toEqual([0, 0, 0])
  expect([...flags.keys()].filter(user => flags[user] === 1)).toEqual([11])
})

test('rows are picked in the order they are named', () => {
  const { indptr, indices, values } = selectRows(rows, [2, 3, 0])
  expect([[...indptr], [...indices], [...values]]).toEqual([
    [0, 3, 3, 5],
    [2, 3, 4, 0, 3],
    [3, 1, 1, 1, 2],
  ])
  expect([...selectFactors(Float32Array.of(1, 2, 3, 4, 5, 6), 2, [2, 0])]).toEqual([5, 6, 1, 2])
  expect(selectRows(rows, []).indices).toHaveLength(0)
})
