import { expect, test } from 'vitest'
import { memoryPorts } from '../adapters/memory/ports.ts'
import { feedbackChunks } from './feedback-chunks.ts'

const { sha256 } = memoryPorts()

/** A table with files `name of month: rows`, cut into chunks of ten rows. */
function cut(...files: [name: string, month: string, rows: number][]) {
  const adds = files.map(([path, month, rows]) => ({
    ...{ path, partitionValues: { month }, size: 1, modificationTime: 0, dataChange: true },
    stats: JSON.stringify({ numRecords: rows }),
  }))
  const table = { path: 'gold/training_interactions', files: new Map(adds.map(add => [add.path, add])) }
  return feedbackChunks(table, { rowsMax: 10, sha256 })
}
const names = (chunks: ReturnType<typeof cut>) => chunks.map(({ paths }) => paths.join(''))

test('months are cut into chunks as full as they can be; a new month changes the last chunk alone', () => {
  const before = cut(['d', '2026-04', 3], ['a', '2026-01', 4], ['b', '2026-02', 6], ['c', '2026-03', 20])
  expect(names(before)).toEqual(['ab', 'c', 'd'])
  const after = cut(
    ['a', '2026-01', 4],
    ['b', '2026-02', 6],
    ['c', '2026-03', 20],
    ['d', '2026-04', 3],
    ['e', '2026-05', 2],
  )
  expect(names(after)).toEqual(['ab', 'c', 'de'])
  expect(after.map(({ source }, index) => source === before[index]?.source)).toEqual([true, true, false])
})

test('a month stays in one chunk, however many files it has', () => {
  expect(names(cut(['b', '2026-01', 9], ['a', '2026-01', 9], ['c', '2026-02', 1]))).toEqual(['ab', 'c'])
})

test('a table without files has no chunks', () => {
  expect(cut()).toEqual([])
})
