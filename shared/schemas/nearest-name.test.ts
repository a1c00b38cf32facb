import { expect, test } from 'vitest'
import { nearestName } from './nearest-name.ts'

const known = ['limit', 'category', 'min_score', 'q']

test.each([
  ['limt', 'limit'],
  ['Limit', 'limit'],
  ['catgeory', 'category'],
  ['minscore', 'min_score'],
  ['page', undefined],
  ['x'.repeat(100_000), undefined],
])('nearestName(%.20s) is %s', (name, nearest) => {
  expect(nearestName(name, known)).toBe(nearest)
})
