import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { directoryBlobs } from '../shared/adapters/files/blobs.ts'
import { memoryPorts } from '../shared/adapters/memory/ports.ts'
import { history } from '../shared/lake/delta/history.ts'
import { scan } from '../shared/lake/delta/scan.ts'
import { type DeltaPorts, readSnapshot } from '../shared/lake/delta/snapshot.ts'
import { tableSchema } from '../shared/lake/delta/table-schema.ts'
import { writeTable } from '../shared/lake/delta/write-table.ts'
import { numbers } from './delta-table.ts'

const table = 'silver/orders_of_another'
/** As delta_rs_table.py made it. */
const orders = numbers(0, 119).filter(order => order % 7 !== 0)
let root: string
let ports: DeltaPorts

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'delta-rs-'))
  await cp(join(import.meta.dirname, 'fixtures/delta-rs-table'), join(root, table), { recursive: true })
  ports = { ...memoryPorts(), clock: Date.now, blobs: directoryBlobs(root) }
})
afterEach(() => rm(root, { recursive: true }))

async function rowsOf(query: string) {
  const snapshot = await readSnapshot(table, ports)
  if (!snapshot) throw new Error('there is no table')
  await using session = await ports.sql.open()
  return await session.rows(query.replace('orders', `(${await scan(snapshot, ports)})`))
}

test('a table that delta-rs made, deleted from, checkpointed and widened is read as it is', async () => {
  expect((await rowsOf('select order_id from orders order by order_id')).map(row => row.order_id)).toEqual(orders)
  expect(await rowsOf('from orders where order_id = 13')).toEqual([
    {
      ...{ order_id: 13, country: "it's É/%", total: 3.25, tax: '0.13', sold_on: '2026-01-14' },
      ...{ sold_at: '2026-01-14T12:00:00.000013Z', is_gift: false, items: ['p13'], channel: null },
    },
  ])
  expect(await rowsOf('select channel, count(*) as n from orders group by all order by n')).toEqual([
    { channel: 'web', n: 17 },
    { channel: null, n: 85 },
  ])
  expect(await rowsOf('select count(*) as n from orders where country is null')).toEqual([
    { n: orders.filter(order => order % 3 === 2).length },
  ])
})

test('what delta-rs left in the log comes along: how far a till has come, what was done when', async () => {
  expect((await readSnapshot(table, ports))?.transactions).toEqual(new Map([['tills', 50]]))
  const operations = (await history(table, ports)).map(({ version, operation }) => [version, operation])
  expect(operations).toContainEqual([2, 'DELETE'])
  expect(operations.at(-1)).toEqual([0, 'WRITE'])
})

test('orders are added to a table of delta-rs', async () => {
  const before = await readSnapshot(table, ports)
  if (!before) throw new Error('there is no table')
  await using session = await ports.sql.open()
  const definition = { path: table, fields: tableSchema(before.metadata), partitionColumns: ['country'] }
  const query = `select 200 as order_id, 'PT' as country`
  const { version } = await writeTable(definition, query, { session, replace: 'none' }, ports)
  expect(version).toBe(before.version + 1)
  expect(await rowsOf(`select order_id from orders where country = 'PT'`)).toEqual([{ order_id: 200 }])
  expect(await rowsOf('select count(*) as n from orders')).toEqual([{ n: orders.length + 1 }])
})

test('a column is not taken for what it is not', async () => {
  const before = await readSnapshot(table, ports)
  if (!before) throw new Error('there is no table')
  await using session = await ports.sql.open()
  const write = (fields: { name: string; type: string }[], partitionColumns: string[]) =>
    writeTable(
      { path: table, partitionColumns, fields: fields.map(field => ({ ...field, nullable: true, metadata: {} })) },
      'select 1 as total',
      { session, replace: 'none' },
      ports,
    )
  await expect(write([{ name: 'total', type: 'string' }], ['country'])).rejects.toThrow(
    `Cannot write "string" into total of ${table} as it holds "double"`,
  )
  await expect(write([{ name: 'Total', type: 'double' }], ['country'])).rejects.toThrow(`as it has total`)
  await expect(write([{ name: 'total', type: 'double' }], [])).rejects.toThrow(`as it is by ["country"]`)
})
