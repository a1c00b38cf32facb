import { expect, test } from 'vitest'
import { memoryPorts } from '../adapters/memory/ports.ts'
import { writeTable } from './delta/write-table.ts'
import { writeLineage } from './lineage.ts'
import { sqlFile } from './sql-file.ts'
import { explorationStatistics, statisticsPath } from './statistics.ts'
import { trainingInteractions } from './tables/gold-tables.ts'
import { ruledTables } from './tables/lake-tables.ts'
import { quarantineTable } from './tables/quarantine-table.ts'
import { definitionOf } from './tables/table.ts'

/** Ann has seen the mug three times and bought it, Bob has bought the pen: four of the mug, one of the pen. */
const events = `select * from (values
  ('ann', 'mug', 'view', timestamptz '2025-12-30T10:00:00Z'), ('ann', 'mug', 'view', '2025-12-30T11:00:00Z'),
  ('ann', 'mug', 'view', '2025-12-31T10:00:00Z'), ('ann', 'mug', 'purchase', '2025-12-31T11:00:00Z'),
  ('bob', 'pen', 'purchase', '2025-12-31T12:00:00Z')) as t(user_id, item_id, event_type, happened_at),
  (select '2025-12' as month)`

test('explorationStatistics() tells sparsity, balance, engagement and popularity, and stores what it tells', async () => {
  const ports = memoryPorts({ now: Date.UTC(2025, 11, 31, 13) })
  await using session = await ports.sql.open()
  await writeTable(definitionOf(trainingInteractions), events, { session, replace: 'none' }, ports)
  const found = await explorationStatistics(ports)
  // Two of four pairs have no interaction.
  expect(found.totals).toMatchObject({ interactions: 5, users: 2, items: 2, pairs: 2, sparsity: 0.5 })
  expect(found.freshness_seconds).toBe(3600)
  expect(found.event_types.map(({ event_type, share }) => [event_type, share])).toEqual([
    ['view', 0.6],
    ['purchase', 0.4],
  ])
  expect(found.engagement.map(({ interactions_each, users }) => [interactions_each, users])).toEqual([
    ['1', 1],
    ['4 to 7', 1],
  ])
  expect(found.popularity.find(({ share_of_items }) => Number(share_of_items) === 0.5)?.share_of_interactions).toBe(0.8)
  // 2 (1·1 + 2·4) / (2·5) − 3/2
  expect(found.gini).toBeCloseTo(0.3)
  expect(found.tables).toMatchObject([{ table: 'gold/training_interactions', version: 0, rows: 5 }])
  const stored = await ports.blobs.read(statisticsPath)
  expect(JSON.parse(Buffer.from(stored ?? []).toString())).toEqual(JSON.parse(JSON.stringify(found)))
})

test('explorationStatistics() counts rejected rows by rule, and tells the quality of every version', async () => {
  const ports = memoryPorts()
  await using session = await ports.sql.open()
  const rejects = `select unnest(['duplicate', 'price', 'price']) as rule, date '2026-01-01' as rejected_on`
  await writeTable(definitionOf(quarantineTable('silver/ratings')), rejects, { session, replace: 'none' }, ports)
  await writeLineage(
    {
      ...{ table: 'silver/ratings', version: 0, run_id: 'r', code_version: '1', inputs: [], by_rule: { price: 2 } },
      ...{ rows_in: 10, rows_out: 7, rejected: 3, data_quality: 0.8 },
      ...{ started_at: '2026-01-01T00:00:00.000Z', finished_at: '2026-01-01T00:00:01.000Z' },
    },
    ports,
  )
  const found = await explorationStatistics(ports)
  expect(found.rejects.map(({ rows_of, rule, rows }) => [rows_of, rule, rows])).toEqual([
    ['ratings', 'price', 2],
    ['ratings', 'duplicate', 1],
  ])
  expect(found.rejects_by_day).toEqual([{ day: '2026-01-01', faults: 2, repeats: 1 }])
  expect(found.quality).toMatchObject([{ table: 'silver/ratings', rows_in: 10, rows_out: 7, data_quality: 0.8 }])
})

test('explorationStatistics() of an empty lake has zeros and empty lists', async () => {
  const found = await explorationStatistics(memoryPorts())
  expect(found.totals).toMatchObject({ interactions: 0, users: 0, sparsity: null })
  expect([found.freshness_seconds, found.gini, found.tables, found.popularity]).toEqual([undefined, undefined, [], []])
})

test('rejects are counted in every table of quarantine', async () => {
  const tables = ruledTables.map(({ path }) => path.replace('silver/', 'quarantine_'))
  for (const query of ['data-rejects', 'data-rejects-by-day']) {
    const sql = await sqlFile(`reports/${query}`)
    expect(tables.filter(table => !sql.includes(table))).toEqual([])
  }
})
