import { expect, test } from 'vitest'
import { csrFromTriples } from '../../algorithms/csr.ts'
import { entriesOf } from '../evaluate.ts'
import { validationSplit } from './validation-split.ts'

const users = 40
const items = 20
const pairs = Array.from({ length: users * 10 }, (_, pair) => ({ user: pair % users, item: Math.floor(pair / users) }))
const train = csrFromTriples({
  ...{ rows: users, columns: items },
  rowOf: pairs.map(({ user }) => user),
  columnOf: pairs.map(({ item }) => item),
  valueOf: pairs.map(() => 2),
})
// A pair is sold at its place in the list, and the first of them again at the end.
const sold = [...pairs, pairs[0]!]
const sales = { user: sold.map(({ user }) => user), item: sold.map(({ item }) => item), at: sold.map((_, at) => at) }

test('with times the latest pairs are held out, at one moment, and later sales are not told', () => {
  const split = validationSplit({ train, sales, until: 400 }, { seed: 1 })
  expect(split.until).toBe(Math.floor(401 * 0.85))
  expect(Math.max(...Array.from(split.sales.at))).toBe(split.until! - 1)
  expect(split.held.indices.length).toBe(400 - split.until!)
  expect(split.train.indices.length + split.held.indices.length).toBe(400)
  // Pair 0 was sold before and again after the moment: it is known, not to be found.
  expect(entriesOf(split.train, 0)).toContain(0)
})

test('without times some of each user’s items are held out by chance, the same for the same seed', () => {
  const split = (seed: number) => validationSplit({ train, sales, until: undefined }, { seed })
  const { train: kept, held, sales: told } = split(1)
  expect(kept.indices.length + held.indices.length).toBe(400)
  expect(held.indices.length).toBeGreaterThan(40)
  expect(held.indices.length).toBeLessThan(80)
  for (let user = 0; user < users; user++) {
    expect(entriesOf(kept, user).length).toBeGreaterThanOrEqual(8)
    expect(entriesOf(held, user).filter(item => entriesOf(kept, user).includes(item))).toEqual([])
  }
  expect(told.item.length).toBeLessThan(sold.length)
  expect(split(1)).toEqual(split(1))
  expect(split(2).held.indices).not.toEqual(held.indices)
})

test('a set too small to cut is refused', () => {
  const single = csrFromTriples({ rows: 1, columns: 1, rowOf: [0], columnOf: [0], valueOf: [1] })
  const of = { train: single, sales: { user: [0], item: [0], at: [0] }, until: undefined }
  expect(() => validationSplit(of, { seed: 1 })).toThrow('1 to learn from, 0 to find')
})
