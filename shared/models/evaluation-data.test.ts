import { expect, test } from 'vitest'
import type { StrengthOptions } from '../training/strength.ts'
import { evaluationData } from './evaluation-data.ts'
import { emptyTable, type InteractionTable } from './interaction-table.ts'

const ids = {
  users: new Map([
    ['anna', 0],
    ['ben', 1],
  ]),
  items: new Map([
    ['pen', 0],
    ['ink', 1],
  ]),
  orders: new Map(),
}

const strengthOptions: StrengthOptions = {
  weights: { rating: 0.4, purchase: 0.3, recency: 0.2, quantity: 0.1 },
  recencyHalfLifeMs: 180 * 86_400_000,
}

test('a pair without event types is as strong as its rows are many', () => {
  const train = { ...emptyTable(), userOf: [1, 1, 0], itemOf: [0, 0, 1] }
  const data = evaluationData({ train, test: emptyTable() }, ids, strengthOptions)
  expect([...data.train.values]).toEqual([1, 2])
  expect([...data.train.indices]).toEqual([1, 0])
})

test('a purchase is stronger than a view, a recent one stronger than an old one, and a thumb down is nothing', () => {
  const day = 86_400_000
  const strength = (...rows: [type: 'view' | 'purchase' | 'feedback', value: number, at: number][]) => {
    // Ben's purchase on day 400 sets the clock.
    const train = {
      userOf: [...rows.map(() => 0), 1],
      itemOf: [...rows.map(() => 0), 1],
      typeOf: [...rows.map(([type]) => type), 'purchase' as const],
      valueOf: [...rows.map(([, value]) => value), 0],
      atOf: [...rows.map(([, , at]) => at), 400 * day],
      orderOf: [],
    }
    const { values, indptr } = evaluationData({ train, test: emptyTable() }, ids, strengthOptions).train
    return indptr[1] === 0 ? 0 : values[0]!
  }
  expect(strength(['purchase', 0, 400 * day])).toBeGreaterThan(strength(['view', 0, 400 * day]))
  expect(strength(['purchase', 0, 400 * day])).toBeGreaterThan(strength(['purchase', 0, 0]))
  expect(strength(['view', 0, 0], ['view', 0, 0])).toBeGreaterThan(strength(['view', 0, 0]))
  expect(strength(['feedback', 1, 0])).toBeGreaterThan(0)
  expect(strength(['feedback', -1, 0])).toBe(0)
})

test('a thumb down in the test set is not relevant, a rating is', () => {
  const held = {
    ...emptyTable(),
    userOf: [0, 0],
    itemOf: [0, 1],
    typeOf: ['feedback', 'rating'] as const,
    valueOf: [-1, 3],
  }
  const { test: relevant } = evaluationData(
    { train: emptyTable(), test: { ...held, typeOf: [...held.typeOf] } },
    ids,
    strengthOptions,
  )
  expect([...relevant.indices]).toEqual([1])
})

test('a user with test items and no candidates is refused by name', () => {
  const held = { ...emptyTable(), userOf: [0, 1], itemOf: [0, 1] }
  const candidates = { ...emptyTable(), userOf: [0], itemOf: [1] }
  expect(() => evaluationData({ train: held, test: held, candidates }, ids, strengthOptions)).toThrow(
    'user ben has test items',
  )
})

test('sales are the purchases with their seconds, and every row where nothing tells what it is', () => {
  const timed = { ...emptyTable(), userOf: [0, 1, 1], itemOf: [0, 0, 1], atOf: [1_000, 5_999, 9_000] }
  const typed = { ...timed, typeOf: ['view', 'purchase', 'rating'] as const, valueOf: [0, 0, 5] }
  const salesOf = (train: InteractionTable) => {
    const { sales, until } = evaluationData({ train, test: emptyTable() }, ids, strengthOptions)
    return { ...sales, until }
  }
  expect(salesOf({ ...typed, typeOf: [...typed.typeOf] })).toEqual({ user: [1], item: [0], at: [5], until: 9 })
  expect(salesOf(timed)).toEqual({ user: [0, 1, 1], item: [0, 0, 1], at: [1, 5, 9], until: 9 })
  expect(salesOf({ ...timed, atOf: [] })).toMatchObject({ at: [0, 0, 0], until: undefined })
})
