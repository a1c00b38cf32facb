import { expect, test } from 'vitest'
import { type BronzeRow, putRows, tableRows } from '../../../tests/bronze-rows.ts'
import { type MemoryPorts, memoryPorts } from '../../adapters/memory/ports.ts'
import { buildRuled } from '../build/build-ruled.ts'
import type { RuledBuild } from '../build/ruled-build.ts'
import {
  bronzeCatalogChanges,
  bronzeCustomers,
  bronzeInteractions,
  bronzeOrders,
  bronzeProducts,
  bronzeRatings,
} from '../tables/bronze-tables.ts'
import { quarantineTable } from '../tables/quarantine-table.ts'
import { customersBuild, interactionsBuild, orderLinesBuild, productsBuild, ratingsBuild } from './ruled-builds.ts'
import { silverPrelude } from './silver-prelude.ts'

const prelude = await silverPrelude('a key for tests only')

async function made(build: Omit<RuledBuild, 'prelude'>, ports: MemoryPorts, columns: string): Promise<unknown[][]> {
  await buildRuled({ ...build, prelude }, { ports, runId: 'run' })
  const rows = await tableRows(build.table, ports, { columns })
  return rows.map(row => Object.values(row)).sort()
}

async function rejects(build: Omit<RuledBuild, 'prelude'>, ports: MemoryPorts): Promise<unknown[][]> {
  const rows = await tableRows(quarantineTable(build.table.path), ports, { columns: 'rule, "value"' })
  return rows.map(row => Object.values(row)).sort()
}

const change = (op: string, entity: string, key: string, ts: string, data: object = {}): BronzeRow => ({
  change: JSON.stringify({ schema_version: 1, op, entity, key, ts, data }),
})

test('products: changes are merged in order, and only an insert or a file brings a deleted one back', async () => {
  const ports = memoryPorts()
  const columns = 'item_id, name, price, stock, in_stock, is_deleted'
  await putRows(bronzeProducts, [{ item_id: 'tea', name: 'Tea', price: '3', updated_at: '2025-01-01' }], ports)
  await putRows(
    bronzeCatalogChanges,
    [
      change('update', 'stock', 'tea', '2025-03-01T00:00:00Z', { stock: 0 }),
      change('update', 'price', 'tea', '2025-02-01T00:00:00Z', { price: 4 }),
      // Late: the price of February came before.
      change('update', 'item', 'tea', '2025-01-15T00:00:00Z', { price: 9, name: 'Green tea' }),
      change('delete', 'item', 'pot', '2025-01-01T00:00:00Z'),
      change('update', 'price', 'pot', '2025-01-02T00:00:00Z', { price: 1 }),
    ],
    ports,
  )
  expect(await made(productsBuild, ports, columns)).toEqual([
    ['pot', null, 1, null, true, true],
    ['tea', 'Green tea', 4, 0, false, false],
  ])
  ports.advance(1000)
  await putRows(bronzeCatalogChanges, [change('insert', 'item', 'pot', '2025-01-03T00:00:00Z', { name: 'Pot' })], ports)
  expect(await made(productsBuild, ports, columns)).toContainEqual(['pot', 'Pot', 1, null, true, false])
})

test('products: a category has one spelling, however shops write it', async () => {
  const ports = memoryPorts()
  const categories = ['Home & Garden', ' home  and GARDEN', 'HOME & GARDEN', 'apparel', '']
  const rows = categories.map((category, index) => ({ item_id: String(index), name: 'A', price: '1', category }))
  await putRows(bronzeProducts, rows, ports)
  expect(await made(productsBuild, ports, 'category')).toEqual([
    ['Clothing'],
    ['Home & Garden'],
    ['Home & Garden'],
    ['Home & Garden'],
    ['Other'],
  ])
})

test('customers: each state has a row, the first from 1970 on; a late change splits history where it belongs', async () => {
  const ports = memoryPorts()
  const columns = `user_id, country, region, year(valid_from), year(valid_to), is_current, is_deleted`
  await putRows(
    bronzeCustomers,
    [
      { user_id: 'anna', country: 'FR', region: 'Nord', updated_at: '2020-01-01' },
      { user_id: 'anna', country: 'FR', region: 'Nord', updated_at: '2021-01-01' },
      { user_id: 'anna', country: 'DE', updated_at: '2024-01-01' },
    ],
    ports,
  )
  expect(await made(customersBuild, ports, columns)).toEqual([
    ['anna', 'DE', 'Nord', 2024, null, true, false],
    ['anna', 'FR', 'Nord', 1970, 2024, false, false],
  ])
  expect(await rejects(customersBuild, ports)).toEqual([['duplicate', null]])
  ports.advance(1000)
  await putRows(
    bronzeCatalogChanges,
    [
      change('update', 'customer', 'anna', '2022-01-01T00:00:00Z', { country: 'BE' }),
      change('delete', 'customer', 'anna', '2025-01-01T00:00:00Z'),
    ],
    ports,
  )
  expect(await made(customersBuild, ports, columns)).toEqual([
    ['anna', 'BE', 'Nord', 2022, 2024, false, false],
    ['anna', 'DE', 'Nord', 2024, 2025, false, false],
    ['anna', 'DE', 'Nord', 2025, null, true, true],
    ['anna', 'FR', 'Nord', 1970, 2022, false, false],
  ])
})

test('ratings: the newest of each user and item counts, whether it came by file or by the hub', async () => {
  const ports = memoryPorts()
  const rating = { user_id: 'anna', item_id: 'tea' }
  await putRows(
    bronzeRatings,
    [
      { ...rating, rating: '2', rated_at: '2025-01-01' },
      { ...rating, rating: '6', rated_at: '2025-01-02' },
    ],
    ports,
  )
  expect(await made(ratingsBuild, ports, 'rating')).toEqual([[2]])
  ports.advance(1000)
  const event = { ...rating, event_id: 'e1', event_type: 'rating', value: 5, ts: '2025-03-01T00:00:00Z' }
  await putRows(bronzeInteractions, [{ event: JSON.stringify(event) }], ports)
  expect(await made(ratingsBuild, ports, 'rating')).toEqual([[5]])
  expect(await rejects(ratingsBuild, ports)).toEqual([
    ['rating', '6'],
    ['superseded', null],
  ])
})

test('interactions: an event that is delivered again is a duplicate, and product_id is item_id', async () => {
  const ports = memoryPorts()
  const event = { event_id: 'e1', user_id: 'anna', product_id: 'tea', event_type: 'view', ts: '2025-01-31T23:30:00Z' }
  await putRows(bronzeInteractions, [{ event: JSON.stringify(event) }], ports)
  const columns = 'event_id, item_id, month, hour, weekday, season'
  expect(await made(interactionsBuild, ports, columns)).toEqual([['e1', 'tea', '2025-01', 23, 5, 'winter']])
  ports.advance(1000)
  await putRows(bronzeInteractions, [{ event: JSON.stringify(event) }], ports)
  expect(await made(interactionsBuild, ports, columns)).toHaveLength(1)
  expect(await rejects(interactionsBuild, ports)).toEqual([['duplicate', 'e1']])
})

test.each([
  ['order_id', ' '],
  ['ordered_at', '2026-01-02T00:00:01Z'],
  ['ordered_at', '1969-12-31'],
  ['channel', 'pigeon'],
  ['status', 'lost'],
  ['currency', 'Euro'],
  ['item_id', ''],
  ['quantity', '0'],
  ['quantity', '1.5'],
  ['quantity', '100001'],
  ['unit_price', '-1'],
  ['unit_price', 'nan'],
  ['unit_price', '1000001'],
  ['discount', 'some'],
])('order lines: %s cannot be %j', async (column, value) => {
  const ports = memoryPorts()
  const line = { order_id: 'o1', ordered_at: '2025-01-01', item_id: 'tea', quantity: '1', unit_price: '1' }
  await putRows(bronzeOrders, [{ ...line, [column]: value }], ports)
  expect(await made(orderLinesBuild, ports, 'line_key')).toEqual([])
  expect(await rejects(orderLinesBuild, ports)).toEqual([[column, value]])
})
