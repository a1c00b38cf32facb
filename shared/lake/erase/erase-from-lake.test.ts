import { beforeAll, describe, expect, test } from 'vitest'
import { type BronzeRow, putRows, tableRows } from '../../../tests/bronze-rows.ts'
import { type MemoryPorts, memoryPorts } from '../../adapters/memory/ports.ts'
import type { Stage, StageContext } from '../../runs/stage.ts'
import { optimize } from '../delta/optimize.ts'
import { readSnapshot } from '../delta/snapshot.ts'
import { literal } from '../delta/table-schema.ts'
import { goldStage } from '../gold/gold-stage.ts'
import { silverStage } from '../silver/silver-stage.ts'
import {
  bronzeCatalogChanges,
  bronzeCustomers,
  bronzeInteractions,
  bronzeOrders,
  bronzeRatings,
} from '../tables/bronze-tables.ts'
import { factTransactions } from '../tables/gold-tables.ts'
import { lakeTables } from '../tables/lake-tables.ts'
import { scanTable } from '../tables/scan-table.ts'
import { silverBaskets, silverInteractions, silverOrders } from '../tables/silver-tables.ts'
import type { Table } from '../tables/table.ts'
import { eraseFromTable } from './erase-table.ts'
import { erasureRules } from './erasure-rules.ts'

const pseudonymKey = 'a key for tests only'
const canary = 'canary-77'

async function runStage(stage: Stage, ports: MemoryPorts): Promise<number> {
  const context: StageContext = {
    ...{ runId: 'run', token: 1, createdAt: '2026-01-01T00:00:00.000Z', ports },
    ...{ progress: () => Promise.resolve(), note: () => undefined },
  }
  let made = 0
  let chunks = await stage.plan(context)
  for (let round = 0; chunks.length > 0; round++) {
    for (const chunk of chunks) await stage.run(chunk, context)
    made += chunks.length
    chunks = (await stage.planNext?.(context, { round, chunks, metrics: [] })) ?? []
  }
  return made
}

async function refine(ports: MemoryPorts, { rebuild = false } = {}): Promise<number> {
  return (
    (await runStage(silverStage({ pseudonymKey, rebuild }), ports)) + (await runStage(goldStage({ rebuild }), ports))
  )
}

async function erase(ports: MemoryPorts): Promise<Record<string, number>> {
  const person = { userIds: [canary, 'session:canary-session'], sessionIds: ['canary-session'] }
  const erased: Record<string, number> = {}
  for (const rule of Object.values(erasureRules).flat()) {
    const { rows, files } = await eraseFromTable(rule, person, pseudonymKey, ports)
    if (files > 0) erased[rule.table.path] = rows
  }
  return erased
}

/** Texts that would give the person away: id, session and pseudonym. */
async function traces(ports: MemoryPorts): Promise<string[]> {
  const rows = await tableRows({ path: 'silver/customers', columns: [], about: '', partitionBy: [] }, ports)
  const key = rows.find(({ user_id }) => user_id === canary)?.customer_key
  return [canary, 'canary-session', String(key)]
}

/** Blobs in which one of some texts stands, Parquet taken apart. */
async function found(texts: readonly string[], ports: MemoryPorts): Promise<string[]> {
  const paths: string[] = []
  await using session = await ports.sql.open()
  for (const container of ['bronze/', 'silver/', 'gold/', 'quarantine/']) {
    for await (const { path } of ports.blobs.list(container)) {
      const bytes = Buffer.from((await ports.blobs.read(path)) ?? [])
      const isRaw = texts.some(text => bytes.includes(text))
      const file = path.endsWith('.parquet') ? await ports.blobs.localFile(path) : undefined
      const holds = texts.map(text => `contains(r::varchar, ${literal(text)})`).join(' or ')
      const rows =
        file === undefined ? [] : await session.rows(`select 1 from read_parquet(${literal(file)}) r where ${holds}`)
      if (isRaw || rows.length > 0) paths.push(path)
    }
  }
  return paths
}

async function contents(table: Table, ports: MemoryPorts): Promise<string[]> {
  await using session = await ports.sql.open()
  const query = await scanTable(table, await readSnapshot(table.path, ports), ports)
  const rows = await session.rows(`select r::varchar as row from (${query}) r order by all`)
  return rows.map(({ row }) => String(row))
}

const orderLine = (of: BronzeRow): BronzeRow => ({
  ...{ quantity: '1', unit_price: '10', channel: 'web', ordered_at: '2025-03-10 09:00' },
  ...of,
})
const event = (of: Record<string, unknown>): BronzeRow => ({
  event: JSON.stringify({
    ...{ schema_version: 1, user_id: canary, item_id: 'tea', event_type: 'view', ts: '2025-03-01T10:00:00Z' },
    ...of,
  }),
})

async function plantedShop(): Promise<MemoryPorts> {
  const now = Date.parse('2025-06-01T00:00:00Z')
  const ports = memoryPorts({ now })
  const person = { user_id: canary, name_masked: 'C. A.', email_masked: 'ca***@example.com', country: 'GB' }
  const lines = [
    orderLine({ order_id: 'o1', user_id: canary, item_id: 'tea', attributes_json: '{"for":"canary-77"}' }),
    orderLine({ order_id: 'o1', user_id: canary, item_id: 'pot' }),
    orderLine({ order_id: 'o2', user_id: 'ben', item_id: 'tea' }),
    orderLine({ order_id: 'o2', user_id: 'ben', item_id: 'cup' }),
    orderLine({ order_id: 'o3', user_id: canary, item_id: 'cup', quantity: 'many' }),
  ]
  await putRows(bronzeOrders, lines, ports)
  await putRows(bronzeCustomers, [person, { user_id: 'ben', country: 'FR' }], ports)
  await putRows(bronzeCustomers, [{ ...person, country: 'DE' }], ports)
  const rated = { item_id: 'tea', rating: '5', rated_at: '2025-03-11 09:00' }
  await putRows(
    bronzeRatings,
    [
      { ...rated, user_id: canary, review: 'by canary-77' },
      { ...rated, user_id: 'ben' },
    ],
    ports,
  )
  const change = { schema_version: 1, change_id: 'c1', op: 'update', entity: 'customer', ts: '2025-04-01T00:00:00Z' }
  await putRows(
    bronzeCatalogChanges,
    [{ change: JSON.stringify({ ...change, key: canary, data: { city: 'Ulm' } }) }],
    ports,
  )
  await putRows(
    bronzeInteractions,
    [
      event({ event_id: 'e1' }),
      event({ event_id: 'e2', user_id: undefined, session_id: 'canary-session', ts: '2025-03-02T10:00:00Z' }),
      event({ event_id: 'e3', event_type: 'login', item_id: undefined, session_id: 'canary-session' }),
      event({ event_id: 'e4', event_type: 'purchase', item_id: 'pot' }),
      event({ event_id: 'e5', event_type: 'purchase', item_id: 'cup' }),
      event({ event_id: 'e6', user_id: 'ben' }),
      event({ event_id: 'e7', ts: 'never' }),
      event({ event_id: 'e8', event_type: 'impression', recommendation_id: 'r', position: 1, propensity: 1 }),
    ],
    ports,
  )
  await refine(ports)
  // Files of earlier versions lie about, and two of bronze are one by now.
  await putRows(
    bronzeOrders,
    [orderLine({ order_id: 'o4', user_id: canary, item_id: 'tea', ordered_at: '2025-03-12' })],
    ports,
  )
  await refine(ports)
  await using session = await ports.sql.open()
  for (const { path } of lakeTables) await optimize(path, { session }, ports)
  return ports
}

describe('erasing a person from the lake', () => {
  let ports: MemoryPorts
  let texts: string[]
  let erased: Record<string, number>
  let revenue: unknown
  const revenueOf = async () =>
    (await tableRows(silverOrders, ports, { columns: 'sum(revenue) as sum, count(*) as n' }))[0]

  beforeAll(async () => {
    ports = await plantedShop()
    texts = await traces(ports)
    revenue = await revenueOf()
    expect((await found(texts, ports)).length).toBeGreaterThan(20)
    erased = await erase(ports)
  })

  test('leaves id, session and pseudonym in no file, neither of tables nor of their logs', async () => {
    expect(await found(texts, ports)).toEqual([])
    expect(Object.keys(erased).length).toBeGreaterThan(15)
  })

  test('finds nothing when it is repeated', async () => {
    expect(await erase(ports)).toEqual({})
  })

  test('keeps what was sold, as a guest’s', async () => {
    expect(await revenueOf()).toEqual(revenue)
    const facts = await tableRows(factTransactions, ports, {
      columns: 'order_id, customer_sk::varchar as sk, customer_key',
    })
    expect(facts.filter(({ order_id }) => order_id === 'o1')).toEqual([
      { order_id: 'o1', sk: '0', customer_key: null },
      { order_id: 'o1', sk: '0', customer_key: null },
    ])
  })

  test('leaves others as they were', async () => {
    expect(await tableRows(silverInteractions, ports, { columns: 'event_id' })).toEqual([{ event_id: 'e6' }])
  })

  test('leaves tables with nothing to do, and they are those that all of bronze at once gives', async () => {
    expect(await refine(ports)).toBe(0)
    const tables = [...lakeTables].filter(({ path }) => !path.startsWith('bronze/') && !isAsOf(path))
    const before = new Map<string, string[]>()
    for (const table of tables) before.set(table.path, await contents(table, ports))
    await refine(ports, { rebuild: true })
    for (const table of tables)
      expect([table.path, await contents(table, ports)]).toEqual([table.path, before.get(table.path)])
    expect(await found(texts, ports)).toEqual([])
  })

  test('keeps an order that was bought together, and drops what only events told of', async () => {
    const baskets = await tableRows(silverBaskets, ports, { columns: 'distinct basket_key, user_id' })
    expect(baskets.map(({ basket_key, user_id }) => `${basket_key}: ${user_id}`).sort()).toEqual([
      'order o1: null',
      'order o2: ben',
      'order o4: null',
    ])
  })
})

/** Tables that tell of all customers together, or as of the newest order: they are as they were until they are made anew. */
const isAsOf = (path: string): boolean =>
  ['silver/users', 'silver/implicit_scores', 'gold/customer_segments', 'gold/dim_customers'].includes(path) ||
  ['gold/daily_sales', 'gold/recommendation_metrics'].includes(path)
