import { describe, expect, test } from 'vitest'
import { csrFromTriples } from '../algorithms/csr.ts'
import { evaluateRanking, timeSplit } from './evaluate.ts'
import { emptyTable } from './interaction-table.ts'

describe('timeSplit()', () => {
  const table = {
    ...emptyTable(),
    userOf: [0, 1, 0, 1, 2],
    itemOf: [0, 1, 2, 3, 4],
    atOf: [50, 10, 30, 40, 20],
  }

  test('puts the latest share of rows, of all users together, into test', () => {
    const { train, test: held, splitAt } = timeSplit(table, { testShare: 0.4 })
    expect(splitAt).toBe(40)
    expect(train).toMatchObject({ itemOf: [1, 2, 4], atOf: [10, 30, 20] })
    expect(held).toMatchObject({ userOf: [0, 1], itemOf: [0, 3] })
  })

  test('never splits rows of one moment', () => {
    const { train, test: held } = timeSplit({ ...table, atOf: [20, 20, 20, 10, 10] }, { testShare: 0.2 })
    expect(train.itemOf).toEqual([3, 4])
    expect(held.itemOf).toEqual([0, 1, 2])
  })

  test('refuses rows without times, of one moment only and a share outside 0 to 1', () => {
    expect(() => timeSplit({ ...table, atOf: [] }, { testShare: 0.2 })).toThrow('have no timestamp')
    expect(() => timeSplit({ ...table, atOf: [7, 7, 7, 7, 7] }, { testShare: 0.2 })).toThrow(
      'no interaction is earlier',
    )
    expect(() => timeSplit(table, { testShare: 1 })).toThrow('current value is 1')
  })
})

describe('evaluateRanking()', () => {
  // User 0 has seen item 0 and finds 1; user 1 has only seen items in the test; user 2 has no list.
  const train = matrix([[0], [2], [3]])
  const held = matrix([[0, 1], [2], [1]])
  const ranked = [[3, 1, 2], [0, 1, 3], []]
  const lists = (user: number, k: number) => ranked[user]!.slice(0, k)

  test('leaves out users whose test items are all in train and counts a user without a list as 0', () => {
    const { users, metrics } = evaluateRanking({ train, test: held, lists, ks: [1, 2] })
    expect(users).toBe(2)
    expect(metrics).toMatchObject({ 'recall@1': 0, 'recall@2': 1 / 2, 'precision@2': 1 / 4, 'hit_rate@2': 1 / 2 })
    expect(metrics['ndcg@2']).toBeCloseTo(1 / Math.log2(3) / 2, 12)
    expect(metrics['map@2']).toBeCloseTo(1 / 4, 12)
    expect(metrics['coverage@2']).toBe(2 / 4)
  })

  test('keeps test items that are in train where candidates are given', () => {
    const candidates = matrix([[1], [1], [1]])
    const { users, metrics } = evaluateRanking({ train, test: held, lists, ks: [2], candidates })
    expect(users).toBe(3)
    expect(metrics['recall@2']).toBeCloseTo((1 / 2 + 0 + 0) / 3, 12)
  })
})

function matrix(lists: number[][]) {
  return csrFromTriples({
    rows: lists.length,
    columns: 4,
    rowOf: lists.flatMap((list, user) => list.map(() => user)),
    columnOf: lists.flat(),
    valueOf: lists.flat().map(() => 1),
  })
}
