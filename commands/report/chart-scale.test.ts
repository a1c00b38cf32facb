import { expect, test } from 'vitest'
import { shownLabels, ticks } from './chart-scale.ts'

test('ticks() are round and hold every value between them', () => {
  expect(ticks([3, 97])).toEqual([0, 20, 40, 60, 80, 100])
  expect(ticks([-30, 60])).toEqual([-40, -20, 0, 20, 40, 60])
  expect(ticks([0.12, 0.3])).toEqual([0, 0.1, 0.2, 0.3])
  expect(ticks([])).toEqual([0, 1])
})

test('shownLabels() thins labels out evenly', () => {
  expect(shownLabels(3)).toEqual([0, 1, 2])
  expect(shownLabels(17, 8)).toEqual([0, 3, 6, 9, 12, 15])
  expect(shownLabels(0)).toEqual([])
})
