import { expect, test } from 'vitest'
import { changedUsers, rowsBefore } from './changed-users.ts'

const table = (users: Record<string, [number, number]>) => ({
  names: Object.keys(users),
  digests: Uint32Array.from(Object.values(users).flat()),
})

test('users with other events than before and new users have changed, wherever their rows stand now', () => {
  const before = table({ anna: [1, 1], ben: [2, 2], cleo: [3, 3], gone: [9, 9] })
  const now = table({ anna: [1, 1], dora: [5, 5], cleo: [3, 4], ben: [2, 2] })
  const { before: rows, changed, count } = changedUsers(before, now)
  expect([...rows]).toEqual([0, -1, 2, 1])
  expect([...changed]).toEqual([0, 1, 1, 0])
  expect(count).toBe(2)
})

test('a first table has new users only, and an empty one none', () => {
  const none = table({})
  expect([...changedUsers(none, table({ anna: [0, 0] })).changed]).toEqual([1])
  expect(changedUsers(table({ anna: [0, 0] }), none)).toMatchObject({ count: 0 })
})

test('rows are found by name, also among names that moved', () => {
  expect([...rowsBefore(['a', 'b', 'c'], ['a', 'x', 'b', 'c', 'c2'])]).toEqual([0, -1, 1, 2, -1])
})
