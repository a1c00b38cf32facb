import { expect, test } from 'vitest'
import { rowSlices } from './row-slices.ts'

const evenly = (rows: number, entries: number) => Uint32Array.from({ length: rows + 1 }, (_, row) => row * entries)

test('a small chunk is one slice', () => {
  expect(rowSlices(evenly(1_000, 5), { from: 0, to: 1_000, blockRows: 256, factors: 64 })).toEqual([
    { from: 0, to: 1_000 },
  ])
})

test('slices end where blocks do, when their factors or their entries become too many', () => {
  const byFactors = rowSlices(evenly(100_000, 1), { from: 1_000, to: 100_000, blockRows: 1_000, factors: 64 })
  expect(byFactors).toEqual([
    { from: 1_000, to: 33_000 },
    { from: 33_000, to: 65_000 },
    { from: 65_000, to: 97_000 },
    { from: 97_000, to: 100_000 },
  ])
  const byEntries = rowSlices(evenly(3_000, 4_000), { from: 0, to: 3_000, blockRows: 1_000, factors: 1 })
  expect(byEntries).toEqual([
    { from: 0, to: 2_000 },
    { from: 2_000, to: 3_000 },
  ])
})
