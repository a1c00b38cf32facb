import { expect, test } from 'vitest'
import { memoryPorts } from '../adapters/memory/ports.ts'
import { csrFromTriples, transpose } from '../algorithms/csr.ts'
import { nameListOf } from '../algorithms/name-list.ts'
import type { Dataset } from './build-dataset.ts'
import {
  readItemIds,
  readMatrix,
  readMatrixIndptr,
  readMatrixRows,
  readMoments,
  readNames,
  readPopularity,
  readPurchases,
  readSummary,
  readTimes,
  writeDataset,
  writePopularity,
} from './dataset-blobs.ts'

const matrix = (rowOf: number[], columnOf: number[], rows = 4) =>
  csrFromTriples({ rows, columns: 3, rowOf, columnOf, valueOf: rowOf.map((_, triple) => triple + 0.5) })

/** Four users, the second of whom did nothing that counts, and three items. */
const dataset: Dataset = {
  users: nameListOf(['anna', 'Zoë', 'ben', 'carl']),
  items: nameListOf(['pen', 'cup', 'tea']),
  digests: Uint32Array.of(1, 2, 0, 0, 3, 4, 5, 6),
  userItems: matrix([0, 0, 2, 3, 3], [0, 2, 1, 0, 1]),
  times: Uint32Array.of(10, 11, 30, 12, 13),
  exclude: matrix([3], [1]),
  baskets: matrix([0, 0, 1], [0, 1, 2], 2),
  purchases: {
    indptr: Uint32Array.of(0, 1, 1, 3, 3),
    entries: Uint32Array.of(0, 10, 1, 10, 2, 30, 5, 6, 1, 20, 2, 19),
  },
  sales: { user: Uint32Array.of(0, 2), item: Uint32Array.of(0, 2), at: Uint32Array.of(10, 30) },
  views: { user: Uint32Array.of(3), item: Uint32Array.of(1), at: Uint32Array.of(12) },
  ...{ until: 30, counts: { events: 9, duplicates: 1, unknown_items: 0 } },
}

async function kept() {
  const run = { runId: 'r1', ports: memoryPorts() }
  await writeDataset(dataset, run)
  return run
}

test('the parts of a dataset are read as they were written, each alone', async () => {
  const run = await kept()
  expect(await readMatrix(run, 'user-items')).toEqual(dataset.userItems)
  expect(await readMatrix(run, 'item-users')).toEqual(transpose(dataset.userItems))
  expect(await readMatrix(run, 'exclude')).toEqual(dataset.exclude)
  expect(await readMatrix(run, 'baskets')).toEqual(dataset.baskets)
  expect(await readNames(run, 'users')).toEqual(['anna', 'Zoë', 'ben', 'carl'])
  expect(await readItemIds(run)).toEqual(['pen', 'cup', 'tea'])
  expect(await readMoments(run, 'sales')).toEqual(dataset.sales)
  expect(await readMoments(run, 'views')).toEqual(dataset.views)
  expect(await readTimes(run)).toEqual(dataset.times)
  const counts = { events: 9, duplicates: 1, unknown_items: 0 }
  expect(await readSummary(run)).toEqual({ users: 4, items: 3, baskets: 2, cells: 5, until: 30, counts })
})

test('some rows are read as they stand in the whole', async () => {
  const run = await kept()
  for (let from = 0; from <= 4; from++) {
    for (let to = from; to <= 4; to++) {
      const rows = await readMatrixRows(run, 'user-items', { from, to })
      const { indptr, indices, values } = dataset.userItems
      const [first = 0, last = 0] = [indptr[from], indptr[to]]
      expect(rows).toEqual({
        ...{ rows: to - from, columns: 3, indptr: indptr.subarray(from, to + 1).map(end => end - first) },
        ...{ indices: indices.subarray(first, last), values: values.subarray(first, last) },
      })
      expect(await readNames(run, 'users', { from, to })).toEqual(['anna', 'Zoë', 'ben', 'carl'].slice(from, to))
    }
  }
  expect(await readMatrixIndptr(run, 'user-items')).toEqual(dataset.userItems.indptr)
  const purchases = { indptr: Uint32Array.of(0, 0, 2), entries: Uint32Array.of(2, 30, 5, 6, 1, 20, 2, 19) }
  expect(await readPurchases(run, { from: 1, to: 3 })).toEqual(purchases)
})

test('some rows are read without the bytes of the others', async () => {
  const run = await kept()
  let bytes = 0
  const { blobs } = run.ports
  const counted = {
    ...run.ports,
    blobs: {
      ...blobs,
      readRange: async (path: string, offset: number, length: number) => {
        bytes += length
        return blobs.readRange(path, offset, length)
      },
    },
  }
  await readMatrixRows({ ...run, ports: counted }, 'user-items', { from: 2, to: 3 })
  // Header, two words of indptr, one entry.
  expect(bytes).toBe(32 + 8 + 8)
})

test('popularity is kept for the stages after; a part that no stage wrote is an error', async () => {
  const run = await kept()
  await writePopularity(run, Float64Array.of(0.1, 0, 3))
  expect(await readPopularity(run)).toEqual(Float64Array.of(0.1, 0, 3))
  const missing = 'Cannot read runs/r2/dataset/user-items.csr'
  await expect(readMatrixRows({ ...run, runId: 'r2' }, 'user-items', { from: 0, to: 1 })).rejects.toThrow(missing)
})
