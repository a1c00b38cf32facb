import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { csrFromTriples } from './csr.ts'
import { decodeUserHistories, encodeUserHistories, type UserHistories, userHistories } from './user-histories.ts'
import { userNeighbours } from './user-neighbours.ts'

const [pen, ink, pad, cup, tea] = [0, 1, 2, 3, 4] as const
const every = { n: 10, isWanted: () => true }
const limits = { usersMax: 100, itemsPerUser: 100, usersPerItem: 100 }

/** Users by what they had to do with, oldest first; all at the same seconds unless `from` says when a user began. */
function historiesOf(rows: readonly (readonly number[])[], of: Partial<typeof limits> & { from?: number[] } = {}) {
  const { from = [], ...limited } = of
  const rowOf = rows.flatMap((items, user) => items.map(() => user))
  const columnOf = rows.flat()
  const userItems = csrFromTriples({ rows: rows.length, columns: 5, rowOf, columnOf, valueOf: columnOf.map(() => 1) })
  const times = new Uint32Array(columnOf.length)
  for (const [user, items] of rows.entries()) {
    const [first, last] = [userItems.indptr[user] ?? 0, userItems.indptr[user + 1]]
    for (const [place, item] of items.entries()) {
      times[first + userItems.indices.subarray(first, last).indexOf(item)] = (from[user] ?? 0) + place
    }
  }
  return userHistories({ ...limits, ...limited, userItems, times, keyOf: user => user + 1000 })
}

const rowsOf = ({ indptr, itemsOf, users }: UserHistories) =>
  Array.from({ length: users }, (_, user) => [...itemsOf.subarray(indptr[user], indptr[user + 1])])

describe('histories', () => {
  test('begin with who was here last, and each with the newest item; who has one item is left out', () => {
    const histories = historiesOf([[pen, ink], [cup], [ink, tea, pad]], { from: [50, 90, 0] })
    expect(rowsOf(histories)).toEqual([
      [ink, pen],
      [pad, tea, ink],
    ])
    expect([...histories.keys]).toEqual([1000, 1002])
    expect([...histories.counts]).toEqual([1, 2, 1, 0, 1])
  })

  test('hold so many users, so many items each, and list so many users of an item', () => {
    const rows = [
      [pen, ink, pad],
      [pen, ink, cup],
      [pen, ink, tea],
    ]
    const histories = historiesOf(rows, { from: [0, 10, 20], usersMax: 2, itemsPerUser: 2, usersPerItem: 1 })
    expect(rowsOf(histories)).toEqual([
      [tea, ink],
      [cup, ink],
    ])
    const usersOfInk = histories.usersOf.subarray(histories.itemIndptr[ink], histories.itemIndptr[ink + 1])
    expect([...usersOfInk]).toEqual([0])
    expect(histories.counts[ink]).toBe(2)
  })

  test('are read from bytes as they were', () => {
    const histories = historiesOf([
      [pen, ink],
      [ink, tea, pad],
    ])
    expect(decodeUserHistories(encodeUserHistories(histories))).toEqual(histories)
    const cut = encodeUserHistories(histories).subarray(0, 60)
    expect(() => decodeUserHistories(cut)).toThrow('Cannot read user histories')
  })

  test('need a time for each entry', () => {
    const userItems = csrFromTriples({ rows: 1, columns: 2, rowOf: [0, 0], columnOf: [0, 1], valueOf: [1, 1] })
    const times = Uint32Array.of(5)
    expect(() => userHistories({ ...limits, userItems, times, keyOf: () => 0 })).toThrow(RangeError)
  })
})

describe('user neighbours', () => {
  test('recommend what those have who share the most, and tell how many they are and what they share', () => {
    const recommend = userNeighbours(
      historiesOf([
        [pen, ink, cup],
        [pen, ink, cup],
        [pen, tea],
      ]),
      { neighbours: 10 },
    )
    const [first, second] = recommend({ items: [pen, ink], weights: [1, 1] }, every)
    expect(first).toMatchObject({ item: cup, users: 2 })
    expect(new Set(first?.shared)).toEqual(new Set([pen, ink]))
    expect(second).toMatchObject({ item: tea, users: 1, shared: [pen] })
  })

  test('have the score of the formula: one neighbour, all by hand', () => {
    const recommend = userNeighbours(historiesOf([[pen, ink, cup]]), { neighbours: 10 })
    // Every idf is ln 2, so the cosine of (1, 0, 0) and (1, 1, 1) is 1/√3.
    const [only] = recommend({ items: [pen], weights: [0.4] }, { n: 1, isWanted: item => item === cup })
    expect(only?.score).toBeCloseTo(Math.LN2 / Math.sqrt(3), 6)
  })

  test('are not the user who asks, nor do they recommend what was asked with or is not wanted', () => {
    const recommend = userNeighbours(
      historiesOf([
        [pen, cup],
        [pen, tea, pad],
      ]),
      { neighbours: 10 },
    )
    const found = recommend({ items: [pen], weights: [1], key: 1000 }, { n: 10, isWanted: item => item !== pad })
    expect(found.map(({ item }) => item)).toEqual([tea])
  })

  test('are only the nearest, and what is asked twice is answered alike', () => {
    const recommend = userNeighbours(
      historiesOf([
        [pen, ink, cup],
        [pen, tea],
      ]),
      { neighbours: 1 },
    )
    const query = { items: [pen, ink], weights: [1, 1] }
    const found = recommend(query, every)
    expect(found.map(({ item }) => item)).toEqual([cup])
    expect(recommend(query, every)).toEqual(found)
  })

  test('of no query, or of items that nobody has, are none', () => {
    const recommend = userNeighbours(historiesOf([[pen, ink]]), { neighbours: 10 })
    expect(recommend({ items: [], weights: [] }, every)).toEqual([])
    expect(recommend({ items: [tea], weights: [1] }, every)).toEqual([])
  })

  test('agree with cosines of whole rows', () => {
    const histories = fc.array(fc.uniqueArray(fc.nat(4), { minLength: 2 }), { minLength: 1, maxLength: 12 })
    fc.assert(
      fc.property(histories, fc.uniqueArray(fc.nat(4), { minLength: 1, maxLength: 3 }), (rows, items) => {
        const weights = items.map((_, place) => 1 / (1 + place))
        const found = userNeighbours(historiesOf(rows), { neighbours: rows.length })({ items, weights }, every)
        const expected = recommendedByHand(rows, items, weights)
        expect(found).toHaveLength(expected.length)
        expect(found).toEqual(found.toSorted((a, b) => b.score - a.score))
        for (const { item, score, users } of found) {
          const other = expected.find(each => each.item === item)
          expect(score).toBeCloseTo(other?.score ?? 0, 5)
          expect(users).toBe(other?.users)
        }
      }),
    )
  })
})

/** The straight version: dense rows, all users, all items. */
function recommendedByHand(rows: readonly (readonly number[])[], items: readonly number[], weights: readonly number[]) {
  const idf = [pen, ink, pad, cup, tea].map(item => {
    const count = rows.filter(row => row.includes(item)).length
    return count === 0 ? 0 : Math.log(1 + rows.length / count)
  })
  const query = idf.map((value, item) => value * (weights[items.indexOf(item)] ?? 0))
  const dot = (a: readonly number[], b: readonly number[]) =>
    a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0)
  const cosine = (a: readonly number[], b: readonly number[]) => dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b))
  const users = rows.map(row => ({ row, vector: idf.map((value, item) => (row.includes(item) ? value : 0)) }))
  const near = users.filter(({ vector }) => dot(vector, query) > 0)
  return idf
    .map((value, item) => {
      const having = near.filter(({ row }) => row.includes(item))
      const score = having.reduce((sum, { vector }) => sum + cosine(vector, query), 0) * value
      return { item, score, users: having.length }
    })
    .filter(({ item, score }) => score > 0 && !items.includes(item))
}
