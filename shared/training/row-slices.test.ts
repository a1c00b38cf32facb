import { expect, test } from 'vitest'
import { csrFromTriples } from '../algorithms/csr.ts'
import { rowSlices, rowsOf } from './row-slices.ts'

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

test('rowsOf() gives some rows as a matrix of their own', () => {
  const rowOf = [0, 1, 1, 2]
  const csr = csrFromTriples({ rows: 3, columns: 4, rowOf, columnOf: [3, 0, 2, 1], valueOf: [1, 2, 3, 4] })
  const { indptr, indices, values, rows } = rowsOf(csr, { from: 1, to: 3 })
  expect([rows, [...indptr], [...indices], [...values]]).toEqual([2, [0, 2, 3], [0, 2, 1], [2, 3, 4]])
  expect(rowsOf(csr, { from: 0, to: 3 })).toBe(csr)
})
