import { expect, test } from 'vitest'
import { putRows, tableRows } from '../../../tests/bronze-rows.ts'
import { type MemoryPorts, memoryPorts } from '../../adapters/memory/ports.ts'
import { orderHeadersBuild, orderLinesBuild } from '../silver/ruled-builds.ts'
import { silverPrelude } from '../silver/silver-prelude.ts'
import { bronzeOrderItems, bronzeOrders } from '../tables/bronze-tables.ts'
import { quarantineTable } from '../tables/quarantine-table.ts'
import { silverOrderLines } from '../tables/silver-tables.ts'
import { buildRuled } from './build-ruled.ts'
import type { BuildSummary } from './table-build.ts'

const prelude = await silverPrelude('a key for tests only')
const line = { order_id: 'o1', user_id: 'anna', ordered_at: '2025-01-01 10:00', item_id: 'tea' }

async function takeIn(ports: MemoryPorts, { rebuild = false } = {}): Promise<BuildSummary> {
  await buildRuled({ ...orderHeadersBuild, prelude }, { ports, runId: 'run', rebuild })
  return buildRuled({ ...orderLinesBuild, prelude }, { ports, runId: 'run', rebuild })
}
const lines = (ports: MemoryPorts) => tableRows(silverOrderLines, ports)
const rejected = (ports: MemoryPorts) => tableRows(quarantineTable(silverOrderLines.path), ports)

test('buildRuled() takes an order line once and puts what breaks a rule into quarantine, with the value as it came', async () => {
  const ports = memoryPorts()
  const good = { ...line, quantity: '2', unit_price: '1,5' }
  await putRows(bronzeOrders, [good, good, { ...good, order_id: 'o2', ordered_at: 'soon' }], ports)
  const summary = await takeIn(ports)
  expect(summary).toMatchObject({ rowsIn: 3, rowsOut: 1, rejected: 2, byRule: { duplicate: 1, ordered_at: 1 } })
  expect(await lines(ports)).toMatchObject([
    { order_id: 'o1', quantity: 2, unit_price: 1.5, amount: 3, month: '2025-01' },
  ])
  const rows = await rejected(ports)
  expect(rows.find(({ rule }) => rule === 'ordered_at')).toMatchObject({ column: 'ordered_at', value: 'soon', _row: 3 })
  expect(JSON.parse(String(rows[0]?.row))).toMatchObject({ item_id: 'tea' })
})

test('buildRuled() has nothing to do until something new comes', async () => {
  const ports = memoryPorts()
  expect(await takeIn(ports)).toMatchObject({ skipped: true })
  await putRows(bronzeOrders, [{ ...line, quantity: '2', unit_price: '1' }], ports)
  const first = await takeIn(ports)
  expect(await takeIn(ports)).toMatchObject({ skipped: true, version: first.version })
})

test('buildRuled() lets a line wait in quarantine until its order comes', async () => {
  const ports = memoryPorts()
  await putRows(
    bronzeOrderItems,
    [{ order_id: 'o9', line_no: '1', item_id: 'tea', quantity: '1', unit_price: '3' }],
    ports,
  )
  expect(await takeIn(ports)).toMatchObject({ rowsIn: 1, rowsOut: 0, byRule: { order_known: 1 } })
  ports.advance(1000)
  await putRows(bronzeOrders, [{ order_id: 'o9', user_id: 'anna', ordered_at: '2025-02-02', channel: 'Online' }], ports)
  await takeIn(ports)
  expect(await lines(ports)).toMatchObject([{ line_key: 'o9#1', user_id: 'anna', channel: 'web', month: '2025-02' }])
  expect(await rejected(ports)).toEqual([])
})
