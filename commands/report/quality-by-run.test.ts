import { expect, test } from 'vitest'
import { qualityByRun } from './quality-by-run.ts'

const record = (run: string, hour: string, rows: number, quality: number | undefined) => ({
  ...{ table: 'silver/ratings', version: 0, run_id: run, finished_at: `2026-01-01T${hour}:00:00.000Z` },
  ...{ rows_judged: rows, rows_in: rows, rows_out: rows - 1, rejected: 1, data_quality: quality },
})

test('qualityByRun() weighs a run’s tables by their rows, and leaves out runs that judged none', () => {
  const runs = qualityByRun([
    record('b', '03', 10, 1),
    record('a', '02', 30, 0.8),
    record('a', '01', 10, 0.6),
    record('c', '04', 0, 1),
    record('d', '05', 5, undefined),
  ])
  expect(
    runs.map(({ finished_at, data_quality, rows_in, rejected }) => [finished_at, data_quality, rows_in, rejected]),
  ).toEqual([
    ['2026-01-01T02:00:00.000Z', 0.75, 40, 2],
    ['2026-01-01T03:00:00.000Z', 1, 10, 1],
  ])
})
