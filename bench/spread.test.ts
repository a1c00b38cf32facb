import { expect, test } from 'vitest'
import { quantile, spread } from './spread.ts'

test('spread() of five answer times is the middle one, the fastest and the slowest', () => {
  expect(spread([9, 1, 5, 3, 7])).toEqual({ median: 5, min: 1, max: 9 })
})

test('quantile() gives a time that was measured: p95 of 1 to 100 ms is 95 ms, of two times the slower', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index)
  expect(quantile(hundred, 0.95)).toBe(95)
  expect(quantile([4, 8], 0.95)).toBe(8)
})

test('quantile() refuses a bench that measured nothing', () => {
  expect(() => quantile([], 0.5)).toThrow(RangeError)
})
