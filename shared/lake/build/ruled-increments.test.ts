import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type BronzeRow, putRows, tableRows } from '../../../tests/bronze-rows.ts'
import { faultyPorts, WorkerStruck } from '../../../tests/faulty-ports.ts'
import { type MemoryPorts, memoryPorts } from '../../adapters/memory/ports.ts'
import { orderHeadersBuild, orderLinesBuild, productsBuild } from '../silver/ruled-builds.ts'
import { silverPrelude } from '../silver/silver-prelude.ts'
import { bronzeOrderItems, bronzeOrders, bronzeProducts } from '../tables/bronze-tables.ts'
import { quarantineTable } from '../tables/quarantine-table.ts'
import { silverOrderHeaders, silverOrderLines, silverProducts } from '../tables/silver-tables.ts'
import type { Table } from '../tables/table.ts'
import { buildRuled } from './build-ruled.ts'
import type { BuildContext } from './table-build.ts'

const prelude = await silverPrelude('a key for tests only')

async function takeIn(ports: BuildContext['ports'], { rebuild = false } = {}): Promise<void> {
  for (const build of [productsBuild, orderHeadersBuild, orderLinesBuild]) {
    await buildRuled({ ...build, prelude }, { ports, runId: 'run', rebuild })
  }
}

async function sorted(table: Table, ports: MemoryPorts): Promise<string[]> {
  const rows = await tableRows(table, ports)
  return rows.map(row => JSON.stringify(row)).sort()
}

/** Rows in are rows out and rows in quarantine. */
async function accounts(ports: MemoryPorts): Promise<Record<string, number>> {
  const size = async (table: Table): Promise<number> => (await tableRows(table, ports)).length
  const [orders, items, lines] = [
    await tableRows(bronzeOrders, ports),
    await size(bronzeOrderItems),
    await size(silverOrderLines),
  ]
  const headers = orders.filter(({ item_id, quantity }) => item_id === null && quantity === null).length
  const missing = async (table: Table, rowsIn: number): Promise<number> =>
    rowsIn - (await size(table)) - (await size(quarantineTable(table.path)))
  expect(lines).toBeLessThanOrEqual(orders.length + items)
  return {
    products: await missing(silverProducts, await size(bronzeProducts)),
    headers: await missing(silverOrderHeaders, headers),
    lines: await missing(silverOrderLines, orders.length - headers + items),
  }
}
const balanced = { products: 0, headers: 0, lines: 0 }

/** Few orders and items, so that lines meet their headers, doubles and items that come late. */
const text = <T extends string | null>(...values: T[]) => fc.constantFrom(...values)
const product = fc.record({ item_id: text('tea', 'pot', null), name: text('A', 'B'), price: text('1', '2', 'dear') })
const header = fc.record({
  order_id: text('o1', 'o2', 'o3'),
  user_id: text('anna', null),
  ordered_at: text('2025-01-31 23:00', '2025-02-01', 'soon'),
})
const item = fc.record({
  ...{ order_id: text('o1', 'o2', 'o3', null), line_no: text('1', '2', null), item_id: text('tea', 'pot', 'cup') },
  ...{ quantity: text('1', '-1', '0'), unit_price: text('2', '3') },
})
const flat = fc.tuple(header, item).map(([order, line]): BronzeRow => ({ ...line, ...order }))
const delivery = fc.oneof(
  fc.record({ table: fc.constant(bronzeProducts), rows: fc.array(product, { minLength: 1, maxLength: 3 }) }),
  fc.record({
    table: fc.constant(bronzeOrders),
    rows: fc.array(fc.oneof(header, flat), { minLength: 1, maxLength: 4 }),
  }),
  fc.record({ table: fc.constant(bronzeOrderItems), rows: fc.array(item, { minLength: 1, maxLength: 4 }) }),
)
/** Files may stand in bronze in another order than they came in. */
const deliveries = fc.array(fc.tuple(delivery, fc.boolean(), fc.integer({ min: -2, max: 3 })), {
  minLength: 2,
  maxLength: 5,
})

test('increments of any files give the rows that all of bronze at once gives, and lose none', {
  timeout: 120_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(deliveries, async files => {
      const ports = memoryPorts()
      for (const [{ table, rows }, isTakenIn, minutes] of files) {
        ports.advance(minutes * 60_000)
        await putRows(table, rows, ports, { source: `landing/${minutes}.csv` })
        if (isTakenIn) await takeIn(ports)
      }
      await takeIn(ports)
      expect(await accounts(ports)).toEqual(balanced)
      const increments = await sorted(silverOrderLines, ports)
      await takeIn(ports, { rebuild: true })
      expect(await sorted(silverOrderLines, ports)).toEqual(increments)
      expect(await accounts(ports)).toEqual(balanced)
    }),
    { numRuns: 5, seed: 7 },
  )
})

const order = { user_id: 'anna', ordered_at: '2025-01-10', unit_price: '2', quantity: '1', item_id: 'tea' }
const first = [
  { ...order, order_id: 'o1' },
  { ...order, order_id: 'o2', quantity: 'many' },
]
const second = [
  { ...order, order_id: 'o1' },
  { ...order, order_id: 'o3', item_id: 'pot' },
]

async function shop(): Promise<MemoryPorts> {
  const ports = memoryPorts()
  await putRows(bronzeProducts, [{ item_id: 'tea', name: 'Tea', price: '2' }], ports)
  await putRows(bronzeOrders, first, ports)
  await takeIn(ports)
  ports.advance(1000)
  await putRows(bronzeOrders, second, ports)
  return ports
}

test('a build that is struck anywhere is mended by the next one', { timeout: 120_000 }, async () => {
  const lines = { ...orderLinesBuild, prelude }
  const before = await shop()
  let at = 1
  // Every seventh: the store's own contract strikes a commit at each of its operations.
  for (let isDone = false; !isDone; at += 7) {
    const ports = before.copy()
    const struck = faultyPorts(ports, { at, loses: at % 2 === 0 ? 'answer' : 'effect', worker: 'dead' })
    try {
      await buildRuled(lines, { ports: struck.ports, runId: 'run' })
      isDone = true
    } catch (error) {
      if (!(error instanceof WorkerStruck)) throw error
    }
    await buildRuled(lines, { ports, runId: 'run again' })
    expect(
      (await tableRows(silverOrderLines, ports)).map(({ order_id }) => order_id),
      `struck at ${at}`,
    ).toEqual(['o1'])
    const rules = (await tableRows(quarantineTable(silverOrderLines.path), ports)).map(({ rule }) => rule)
    expect(rules.sort(), `struck at ${at}`).toEqual(['duplicate', 'item_known', 'quantity'])
  }
  expect(at).toBeGreaterThan(10)
})

test('two builds at once take every row once', async () => {
  const ports = await shop()
  const lines = { ...orderLinesBuild, prelude }
  await Promise.all(['one', 'other'].map(runId => buildRuled(lines, { ports, runId })))
  await buildRuled(lines, { ports, runId: 'after' })
  expect(await accounts(ports)).toMatchObject({ lines: 0 })
  expect(await tableRows(silverOrderLines, ports)).toHaveLength(1)
})
