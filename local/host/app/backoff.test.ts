import { expect, test } from 'vitest'
import { backoffMs } from './backoff.ts'

const waits = (random: number) =>
  [1, 2, 3, 4, 5, 6, 99].map(attempt => backoffMs(attempt, { minMs: 100, maxMs: 2_000 }, random))

test('waits the minimum, then adds to it 1, 2, 4, 8, ... times the minimum, at most the maximum', () => {
  expect(waits(0.5)).toEqual([100, 200, 300, 500, 900, 1_700, 2_000])
})
test('varies what it adds by a fifth', () => {
  expect(waits(0).map(Math.round)).toEqual([100, 180, 260, 420, 740, 1_380, 2_000])
  expect(Math.round(backoffMs(2, { minMs: 100, maxMs: 2_000 }, 0.999_999))).toBe(220)
})
test('waits the maximum when that is below the minimum', () => {
  expect(backoffMs(1, { minMs: 100, maxMs: 50 }, 0)).toBe(50)
})
