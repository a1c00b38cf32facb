import { expect, test } from 'vitest'
import { csrFromTriples } from '../algorithms/csr.ts'
import { popularityBaseline, recentPopularityBaseline } from './popularity-baseline.ts'

const day = 86_400
/** User 0 has items 0 and 1, user 1 has item 1, user 2 nothing. */
const train = csrFromTriples({ rows: 3, columns: 4, rowOf: [0, 0, 1], columnOf: [0, 1, 1], valueOf: [1, 1, 1] })

test('popularityBaseline() scores an item by its users and knows every user', () => {
  const scores = new Float32Array(4)
  expect(popularityBaseline(train).scoreItems(2, scores)).toBe(true)
  expect([...scores]).toEqual([1, 2, 0, 0])
})

test('recentPopularityBaseline() counts the buyers of the last days, each once', () => {
  const sales = { user: [1, 0, 0, 0, 1], item: [1, 0, 0, 1, 1], at: [3 * day, 4 * day, 5 * day, 9 * day, 10 * day] }
  const scores = new Float32Array(4)
  const scored = (days: number) => {
    expect(recentPopularityBaseline({ train, sales, until: 10 * day }, days).scoreItems(2, scores)).toBe(true)
    return [...scores]
  }
  expect(scored(7)).toEqual([1, 2, 0, 0])
  expect(scored(6)).toEqual([1, 2, 0, 0])
  expect(scored(5)).toEqual([0, 2, 0, 0])
  expect(scored(1)).toEqual([0, 1, 0, 0])
})
