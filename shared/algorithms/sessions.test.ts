import { expect, test } from 'vitest'
import { viewSessions } from './sessions.ts'

const minute = 60

/** Items of each session. */
function sessionsOf(views: readonly [user: number, item: number, at: number][], itemsMax = 10): number[][] {
  const sorted = views.toSorted(([, , a], [, , b]) => a - b)
  const columns = {
    user: sorted.map(([user]) => user),
    item: sorted.map(([, item]) => item),
    at: sorted.map(([, , at]) => at),
  }
  const { rows, indptr, indices } = viewSessions(columns, { users: 3, items: 5, gapSeconds: 30 * minute, itemsMax })
  return Array.from({ length: rows }, (_, row) => [...indices.subarray(indptr[row], indptr[row + 1])])
}

test('a session goes on while views follow within the gap, and each item is in it once', () => {
  const views: [number, number, number][] = [
    [0, 3, 0],
    [0, 1, 30 * minute],
    [0, 3, 40 * minute],
    [0, 2, 70 * minute + 1],
    [0, 4, 71 * minute],
  ]
  expect(sessionsOf(views)).toEqual([
    [1, 3],
    [2, 4],
  ])
})

test('users who look at the same time have sessions of their own', () => {
  const views: [number, number, number][] = [
    [0, 0, 0],
    [1, 2, 1],
    [0, 1, 2],
    [1, 3, 3],
  ]
  expect(sessionsOf(views)).toEqual([
    [0, 1],
    [2, 3],
  ])
})

test('a session of one item is none, and a long one ends counting at its limit', () => {
  expect(
    sessionsOf([
      [0, 1, 0],
      [0, 1, 5],
      [1, 2, 0],
    ]),
  ).toEqual([])
  expect(
    sessionsOf(
      [
        [0, 4, 0],
        [0, 3, 1],
        [0, 2, 2],
      ],
      2,
    ),
  ).toEqual([[3, 4]])
  expect(sessionsOf([])).toEqual([])
})
