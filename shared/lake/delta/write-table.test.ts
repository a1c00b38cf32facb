import { expect, test } from 'vitest'
import { type MemoryPorts, memoryPorts } from '../../adapters/memory/ports.ts'
import { scan } from './scan.ts'
import { readSnapshot } from './snapshot.ts'
import type { Field } from './table-schema.ts'
import { writeTable } from './write-table.ts'

const field = (name: string, type: string): Field => ({ name, type, nullable: true, metadata: {} })
const definition = {
  path: 'silver/orders',
  fields: [
    field('order_id', 'string'),
    field('total', 'double'),
    field('sold_at', 'timestamp'),
    field('month', 'string'),
  ],
  partitionColumns: ['month'],
}
const someRows = `select * from (values ('1', 2.5, timestamptz '2026-01-31 10:00:00Z', '2026-01'), ('2', 4, '2026-02-01', '2026-02')) as t(order_id, total, sold_at, month)`

async function rowsOfTable(ports: MemoryPorts, version?: number) {
  await using session = await ports.sql.open()
  const snapshot = await readSnapshot('silver/orders', ports, version === undefined ? undefined : { version })
  if (!snapshot) throw new Error('there is no table')
  return await session.rows(`select * from (${await scan(snapshot, ports)}) order by order_id`)
}

test('writeTable() makes a table whose rows come back, partition by partition', async () => {
  const ports = memoryPorts()
  await using session = await ports.sql.open()
  expect(await writeTable(definition, someRows, { session, replace: 'none' }, ports)).toEqual({
    version: 0,
    files: 2,
    rows: 2,
  })
  expect(await rowsOfTable(ports)).toEqual([
    { order_id: '1', total: 2.5, sold_at: '2026-01-31T10:00:00.000Z', month: '2026-01' },
    { order_id: '2', total: 4, sold_at: '2026-02-01T00:00:00.000Z', month: '2026-02' },
  ])
})

test('writeTable() replaces one partition and leaves the version before as it was', async () => {
  const ports = memoryPorts()
  await using session = await ports.sql.open()
  await writeTable(definition, someRows, { session, replace: 'none' }, ports)
  const replace = (file: { partitionValues: Record<string, string | null> }) => file.partitionValues.month === '2026-02'
  const query = `select '3' as order_id, 9.0 as total, '2026-02' as month`
  await writeTable(definition, query, { session, replace }, ports)
  expect((await rowsOfTable(ports)).map(row => row.order_id)).toEqual(['1', '3'])
  expect((await rowsOfTable(ports, 0)).map(row => row.order_id)).toEqual(['1', '2'])
})

test('writeTable() adds columns that the table lacks, absent in what was written before', async () => {
  const ports = memoryPorts()
  await using session = await ports.sql.open()
  await writeTable(definition, someRows, { session, replace: 'none' }, ports)
  const wider = { ...definition, fields: [...definition.fields, field('channel', 'string')] }
  await writeTable(
    wider,
    `select '3' as order_id, 'web' as channel, '2026-02' as month`,
    { session, replace: 'none' },
    ports,
  )
  expect((await rowsOfTable(ports)).map(({ order_id: id, channel }) => [id, channel])).toEqual([
    ['1', null],
    ['2', null],
    ['3', 'web'],
  ])
})
