import { describe, expect, test } from 'vitest'
import { tableRows } from '../../../tests/bronze-rows.ts'
import { type Row, storeRows } from '../../../tests/table-rows.ts'
import { type MemoryPorts, memoryPorts } from '../../adapters/memory/ports.ts'
import type { StageContext } from '../../runs/stage.ts'
import type { RunScope } from '../../schemas/run.ts'
import { readSnapshot } from '../delta/snapshot.ts'
import { Lineage, lineagePath } from '../lineage.ts'
import {
  customerSegments,
  dailySales,
  dimCustomers,
  dimDate,
  dimProducts,
  factTransactions,
  goldModelMetrics,
  recommendationMetrics,
  trainingBaskets,
  trainingImpressions,
  trainingInteractions,
} from '../tables/gold-tables.ts'
import {
  silverBaskets,
  silverCustomers,
  silverInteractions,
  silverLogins,
  silverOrderLines,
  silverOrders,
  silverProducts,
  silverRatings,
  silverUsers,
} from '../tables/silver-tables.ts'
import type { Table } from '../tables/table.ts'
import { goldStage } from './gold-stage.ts'

/** Runs the stage to its end; tells which tables were made, round by round. */
async function makeGold(
  ports: MemoryPorts,
  { scope, ...options }: { scope?: RunScope; rebuild?: boolean; only?: 'training' } = {},
): Promise<string[][]> {
  const stage = goldStage(options)
  const context: StageContext = {
    ...{ runId: 'lake-1', token: 1, createdAt: '2026-01-01T00:00:00.000Z', scope, ports },
    ...{ progress: async () => undefined, note: () => undefined },
  }
  const made: string[][] = []
  for (let chunks = await stage.plan(context); chunks.length > 0; ) {
    for (const chunk of chunks) await stage.run(chunk, context)
    made.push(chunks.map(chunk => (chunk as { table: string }).table))
    chunks = (await stage.planNext?.(context, { round: made.length - 1, chunks, metrics: [] })) ?? []
  }
  return made
}

const line = (fields: Row): Row => {
  const { order_id, item_id, ordered_at } = fields
  const day = String(ordered_at).slice(0, 10)
  return {
    ...{ line_key: `${order_id}/${item_id}`, line_type: 'sale', quantity: 1, unit_price: 10, discount: 0, amount: 10 },
    ...{ channel: 'web', country: 'GB', day, month: day.slice(0, 7) },
    ...fields,
  }
}
const event = (fields: Row): Row => {
  const day = String(fields.happened_at).slice(0, 10)
  return { day, month: day.slice(0, 7), ...fields }
}
const pen = line({
  order_id: 'o1',
  user_id: 'anna',
  customer_key: 'a',
  item_id: 'pen',
  ordered_at: '2026-01-31T23:59:59Z',
})
const ink = line({
  order_id: 'o1',
  user_id: 'anna',
  customer_key: 'a',
  item_id: 'ink',
  ordered_at: '2026-01-31T23:59:59Z',
})
const guestInk = line({ order_id: 'o2', item_id: 'ink', ordered_at: '2026-01-02T08:00:00Z', amount: 12 })
const backInk = line({
  ...{ order_id: 'o3', user_id: 'anna', customer_key: 'a', item_id: 'ink', ordered_at: '2026-02-03T08:00:00Z' },
  ...{ line_type: 'return', quantity: -1, amount: -10 },
})
const products = [
  { item_id: 'pen', name: 'Pen', category: 'Writing', price: 10, is_deleted: false },
  { item_id: 'cup', name: 'Cup', category: 'Kitchen', price: 5, is_deleted: true },
]
const always = '1970-01-01T00:00:00Z'

async function shop(): Promise<MemoryPorts> {
  const ports = memoryPorts()
  await storeRows(silverOrderLines, [pen, ink, guestInk, backInk], ports)
  await storeRows(silverProducts, products, ports)
  return ports
}

describe('gold', () => {
  test('of an empty lake nothing is made', async () => {
    expect(await makeGold(memoryPorts())).toEqual([])
  })

  test('what is there already is not made again', async () => {
    const ports = await shop()
    const [first = []] = await makeGold(ports)
    expect(first).toContain(factTransactions.path)
    expect(await makeGold(ports)).toEqual([])
  })

  test('a product of the star schema says its margin and whom it is for', async () => {
    const ports = memoryPorts()
    const wine = { item_id: 'wine', price: 8, cost: 2, tags: 'red|dry', channels: '', min_age: 18, hidden: true }
    await storeRows(silverProducts, [wine, { item_id: 'gift', price: 0, cost: 1 }], ports)
    await makeGold(ports, { scope: 'daily' })
    const columns = 'item_id, cost, margin, tags, channels, regions, min_age, hidden'
    const rows = await tableRows(dimProducts, ports, { columns })
    expect(rows).toContainEqual({ ...wine, margin: 0.75, channels: null, regions: null, price: undefined })
    expect(rows).toContainEqual(expect.objectContaining({ item_id: 'gift', cost: 1, margin: null }))
  })

  test('an hourly run makes the tables by months and leaves the whole ones to the daily run', async () => {
    const ports = await shop()
    expect((await makeGold(ports, { scope: 'hourly' }))[0]).toEqual([
      ...['gold/fact_transactions', 'gold/daily_sales', 'gold/training_interactions'],
    ])
    expect((await makeGold(ports, { scope: 'daily' }))[0]).toEqual(['gold/dim_date', 'gold/dim_products'])
  })

  test('a refresh asks only for what models are trained on', async () => {
    const ports = await shop()
    await storeRows(silverBaskets, [{ basket_key: 'order o1', item_id: 'pen', month: '2026-01' }], ports)
    expect(await makeGold(ports, { only: 'training' })).toEqual([
      ['gold/training_interactions', 'gold/training_baskets'],
    ])
  })

  test('each version says which versions of its inputs are in it', async () => {
    const ports = await shop()
    await makeGold(ports)
    await storeRows(silverOrderLines, [line({ ...pen, line_key: 'o4/pen', order_id: 'o4' })], ports)
    await makeGold(ports)
    const bytes = await ports.blobs.read(lineagePath(dailySales.path, 1))
    expect(Lineage.parse(JSON.parse(Buffer.from(bytes ?? []).toString()))).toMatchObject({
      ...{ table: 'gold/daily_sales', version: 1, run_id: 'lake-1', rows_out: 3, rejected: 0 },
      inputs: [
        { table: 'silver/order_lines', from: 0, to: 1 },
        { table: 'silver/products', from: 0, to: 0 },
      ],
    })
  })
})

describe('the star schema', () => {
  test('counts days, products and customers once, and finds each of the facts’ keys', async () => {
    const ports = await shop()
    await storeRows(
      silverCustomers,
      [{ user_id: 'anna', customer_key: 'a', country: 'GB', valid_from: always, is_current: true }],
      ports,
    )
    await storeRows(
      silverUsers,
      [{ user_id: 'anna', customer_key: 'a', clv_segment: 'Gold', orders: 1, revenue: 10 }],
      ports,
    )
    await storeRows(silverOrders, [{ order_id: 'o9', customer_key: 'b', month: '2026-01' }], ports)
    await makeGold(ports)
    expect(await tableRows(dimDate, ports)).toHaveLength(365)
    const named = await tableRows(dimProducts, ports, { columns: 'item_id, name' })
    expect(named.toSorted((a, b) => String(a.item_id).localeCompare(String(b.item_id)))).toEqual([
      ...[
        { item_id: 'cup', name: 'Cup' },
        { item_id: 'ink', name: null },
        { item_id: null, name: 'unknown' },
      ],
      { item_id: 'pen', name: 'Pen' },
    ])
    const customers = await tableRows(dimCustomers, ports, { columns: 'customer_key, clv_segment, is_current' })
    expect(customers).toHaveLength(3)
    expect(customers).toContainEqual({ customer_key: 'a', clv_segment: 'Gold', is_current: true })
    expect(customers).toContainEqual({ customer_key: 'b', clv_segment: null, is_current: true })
    const facts = await tableRows(factTransactions, ports)
    const productKeys = (await tableRows(dimProducts, ports)).map(row => row.product_key)
    const customerKeys = (await tableRows(dimCustomers, ports)).map(row => row.customer_sk)
    expect(facts).toHaveLength(4)
    expect(facts.every(fact => productKeys.includes(fact.product_key) && customerKeys.includes(fact.customer_sk))).toBe(
      true,
    )
    expect(facts.filter(fact => fact.customer_sk === 0).map(fact => fact.order_id)).toEqual(['o2'])
    expect(await tableRows(customerSegments, ports, { columns: 'clv_segment, country, customers, revenue' })).toEqual([
      { clv_segment: 'Gold', country: 'GB', customers: 1, revenue: 10 },
    ])
  })

  test('a fact has the state its customer was in, also when that becomes known later', async () => {
    const ports = await shop()
    const state = (valid_from: string, valid_to: string | null, country: string): Row => ({
      ...{ user_id: 'anna', customer_key: 'a', country, valid_from, valid_to, is_current: valid_to === null },
    })
    const countries = async () => {
      const facts = await tableRows(factTransactions, ports)
      const states = await tableRows(dimCustomers, ports)
      return facts
        .filter(({ customer_key: key }) => key === 'a')
        .map(fact => `${fact.month} ${states.find(of => of.customer_sk === fact.customer_sk)?.country}`)
        .sort()
    }
    await makeGold(ports)
    expect(await countries()).toEqual(['2026-01 undefined', '2026-01 undefined', '2026-02 undefined'])
    await storeRows(silverCustomers, [state(always, null, 'GB')], ports)
    await makeGold(ports)
    expect(await countries()).toEqual(['2026-01 GB', '2026-01 GB', '2026-02 GB'])
    const february = '2026-02-01T00:00:00Z'
    const moved = [state(always, february, 'GB'), state(february, null, 'DE')]
    await storeRows(silverCustomers, moved, ports, { replace: 'all' })
    await makeGold(ports)
    expect(await countries()).toEqual(['2026-01 GB', '2026-01 GB', '2026-02 DE'])
  })

  test('sales are added up by day, and again when an item changes its category', async () => {
    const ports = await shop()
    await makeGold(ports)
    const columns = 'day, category, orders, customers, units, revenue, returned'
    const sums = async () =>
      (await tableRows(dailySales, ports, { columns })).map(row => Object.values(row).join(' ')).sort()
    expect(await sums()).toEqual([
      ...['2026-01-02 unknown 1 0 1 12 0', '2026-01-31 Writing 1 1 1 10 0', '2026-01-31 unknown 1 1 1 10 0'],
      '2026-02-03 unknown 1 1 0 0 -10',
    ])
    const february = async () =>
      [...((await readSnapshot(dailySales.path, ports))?.files.values() ?? [])]
        .filter(file => file.partitionValues.month === '2026-02')
        .map(({ path }) => path)
    const before = await february()
    await storeRows(silverProducts, [{ item_id: 'pen', category: 'Office' }], ports, { replace: 'all' })
    await makeGold(ports)
    expect((await sums())[1]).toBe('2026-01-31 Office 1 1 1 10 0')
    expect(await february()).toEqual(before)
  })
})

describe('the training tables', () => {
  const interactions = async (ports: MemoryPorts) =>
    (await tableRows(trainingInteractions, ports, { columns: 'user_id, item_id, event_type, identity, basket, month' }))
      .map(row => Object.values(row).join(' | ').replaceAll('\n', '/'))
      .sort()
  const bought = event({
    ...{ event_id: 'e1', user_id: 'anna', item_id: 'pen', event_type: 'purchase', order_id: 'o1', quantity: 1 },
    happened_at: '2026-02-01T00:00:01Z',
  })

  test('an order line and its purchase event are one, on either side of a month’s end and whichever comes first', async () => {
    const once = [
      'anna | ink | purchase | o1/ink | order o1 | 2026-01',
      'anna | pen | purchase | o1/pen | order o1 | 2026-01',
    ]
    const lineFirst = memoryPorts()
    await storeRows(silverOrderLines, [pen, ink, guestInk, backInk], lineFirst)
    await makeGold(lineFirst)
    await storeRows(silverInteractions, [bought], lineFirst)
    await makeGold(lineFirst)
    expect(await interactions(lineFirst)).toEqual(once)

    const eventFirst = memoryPorts()
    await storeRows(
      silverInteractions,
      [bought, event({ ...bought, event_id: 'e2', happened_at: '2026-02-01T00:00:02Z' })],
      eventFirst,
    )
    await makeGold(eventFirst)
    expect(await interactions(eventFirst)).toEqual(['anna | pen | purchase | o1/pen | order o1 | 2026-02'])
    await storeRows(silverOrderLines, [pen, ink, guestInk, backInk], eventFirst)
    await makeGold(eventFirst)
    expect(await interactions(eventFirst)).toEqual(once)
  })

  test('a purchase without an order is in the basket of its session, or of its user’s day', async () => {
    const ports = memoryPorts()
    const purchase = { ...bought, order_id: null }
    const view = { ...bought, event_id: 'e3', event_type: 'view', session_id: 's' }
    const shown = { ...bought, event_id: 'e4', event_type: 'impression' }
    await storeRows(
      silverInteractions,
      [purchase, { ...purchase, event_id: 'e2', session_id: 's' }, view, shown],
      ports,
    )
    await makeGold(ports)
    expect(await interactions(ports)).toEqual([
      'anna | pen | purchase | e1 | session anna 2026-02-01 | 2026-02',
      'anna | pen | purchase | e2 | session s | 2026-02',
      'anna | pen | view | e3 |  | 2026-02',
    ])
  })

  test('a rating of a file counts, and one of the hub once', async () => {
    const ports = memoryPorts()
    const rated = (item_id: string, day: string): Row => ({
      ...{ user_id: 'anna', item_id, rating: 4, rated_at: `${day}T00:00:01Z`, day },
    })
    await storeRows(silverInteractions, [{ ...bought, event_type: 'rating', value: 4, order_id: null }], ports)
    await storeRows(silverRatings, [rated('pen', '2026-02-01'), rated('ink', '2026-01-05')], ports)
    await makeGold(ports)
    expect(await interactions(ports)).toEqual([
      'anna | ink | rating | rating anna/ink |  | 2026-01',
      'anna | pen | rating | e1 |  | 2026-02',
    ])
  })

  test('a visitor’s session is the user’s who logs in to it, first and later, in the months it was in', async () => {
    const ports = memoryPorts()
    const did = (event_id: string, event_type: string, happened_at: string, session = 's1') =>
      event({ event_id, event_type, happened_at, user_id: `session:${session}`, session_id: session, item_id: 'pen' })
    const login = (event_id: string, user_id: string, happened_at: string): Row => ({
      ...{ event_id, user_id, session_id: 's1', happened_at },
    })
    await storeRows(
      silverInteractions,
      [
        did('e1', 'view', '2026-01-31T23:50:00Z'),
        did('e2', 'purchase', '2026-02-01T00:10:00Z'),
        did('e3', 'rating', '2026-02-01T00:20:00Z'),
        did('e4', 'impression', '2026-01-31T23:40:00Z'),
        did('e5', 'view', '2026-03-01T00:00:00Z', 's2'),
      ],
      ports,
    )
    await makeGold(ports)
    const users = async () =>
      (await tableRows(trainingInteractions, ports, { columns: 'identity, user_id, basket' }))
        .map(row => Object.values(row).join(' ').trim())
        .sort()
    expect(await users()).toEqual([...['e1 session:s1', 'e2 session:s1 session s1', 'e3 session:s1', 'e5 session:s2']])
    const filesOf = async (month: string) =>
      [...((await readSnapshot(trainingInteractions.path, ports))?.files.values() ?? [])]
        .filter(file => file.partitionValues.month === month)
        .map(({ path }) => path)
    await storeRows(silverLogins, [login('l0', 'nobody', '2027-01-01T00:00:00Z')], ports, { replace: 'all' })
    await makeGold(ports)
    const march = await filesOf('2026-03')
    const first = [login('l1', 'anna', '2026-02-01T00:15:00Z'), login('l2', 'ben', '2026-02-01T01:00:00Z')]
    await storeRows(silverLogins, first, ports)
    await makeGold(ports)
    const merged = ['e1 anna', 'e2 anna session s1', 'e3 anna', 'e5 session:s2']
    expect(await users()).toEqual(merged)
    expect(await filesOf('2026-03')).toEqual(march)
    const shown = 'event_id, user_id, clicked, purchased'
    expect(await tableRows(trainingImpressions, ports, { columns: shown })).toEqual([
      { event_id: 'e4', user_id: 'anna', clicked: true, purchased: true },
    ])
    await makeGold(ports, { rebuild: true })
    expect(await users()).toEqual(merged)
  })

  test('a basket has two items or more', async () => {
    const ports = memoryPorts()
    const item = (basket_key: string, item_id: string) => ({ basket_key, item_id, month: '2026-01', bought_at: always })
    await storeRows(silverBaskets, [item('b1', 'pen'), item('b1', 'ink'), item('b2', 'pen')], ports)
    await makeGold(ports)
    expect(await tableRows(trainingBaskets, ports, { columns: 'basket_key, items, item_ids' })).toEqual([
      { basket_key: 'b1', items: 2, item_ids: 'ink\npen' },
    ])
  })

  test('what was shown learns what came of it, a purchase of the next month included, and pays the last list', async () => {
    const ports = memoryPorts()
    const shown = (event_id: string, happened_at: string) =>
      event({
        event_id,
        user_id: 'anna',
        item_id: 'pen',
        event_type: 'impression',
        happened_at,
        price: 10,
        position: 1,
      })
    const did = (event_id: string, event_type: string, happened_at: string) =>
      event({ event_id, user_id: 'anna', item_id: 'pen', event_type, happened_at, quantity: 2 })
    await storeRows(
      silverInteractions,
      [shown('i1', '2026-01-30T00:00:00Z'), shown('i2', '2026-01-31T12:00:00Z')],
      ports,
    )
    await storeRows(silverProducts, products, ports)
    await storeRows(
      goldModelMetrics,
      [{ model_version: 'g1', generated_at: '2026-01-31T00:00:00Z', generation: 1 }],
      ports,
    )
    await makeGold(ports)
    await storeRows(
      silverInteractions,
      [did('v', 'view', '2026-01-31T13:00:00Z'), did('p', 'purchase', '2026-02-05T00:00:00Z')],
      ports,
    )
    await makeGold(ports)
    const columns = 'event_id, clicked, carted, purchased, outcome_at, pieces'
    expect(await tableRows(trainingImpressions, ports, { columns })).toEqual([
      ...[
        {
          event_id: 'i1',
          clicked: false,
          carted: false,
          purchased: true,
          outcome_at: '2026-02-05T00:00:00.000Z',
          pieces: 0,
        },
      ],
      {
        event_id: 'i2',
        clicked: true,
        carted: false,
        purchased: true,
        outcome_at: '2026-01-31T13:00:00.000Z',
        pieces: 2,
      },
    ])
    const metrics = 'day, model_version, category, impressions, clicks, purchases, revenue'
    expect(
      (await tableRows(recommendationMetrics, ports, { columns: metrics })).map(row => Object.values(row).join(' ')),
    ).toEqual([...['2026-01-30 unknown Writing 1 0 1 0', '2026-01-31 g1 Writing 1 1 1 20']])
  })
})

describe('made anew', () => {
  test('gold is what it became step by step', async () => {
    const ports = await shop()
    await makeGold(ports)
    await storeRows(
      silverOrderLines,
      [
        line({
          ...pen,
          order_id: 'o5',
          line_key: 'o5/pen',
          ordered_at: '2025-12-31T10:00:00Z',
          month: '2025-12',
          day: '2025-12-31',
        }),
      ],
      ports,
    )
    await makeGold(ports)
    const tables: Table[] = [factTransactions, dailySales, trainingInteractions, dimDate, dimProducts]
    const all = async () => {
      const rows = await Promise.all(tables.map(table => tableRows(table, ports)))
      return rows.map(of => of.map(row => JSON.stringify(row)).sort())
    }
    const grown = await all()
    expect((await makeGold(ports, { rebuild: true })).flat()).toContain(factTransactions.path)
    expect(await all()).toEqual(grown)
  })
})
