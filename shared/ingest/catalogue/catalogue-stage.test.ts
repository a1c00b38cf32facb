import { expect, test } from 'vitest'
import { aChange } from '../../../tests/changes.ts'
import { deliveredFrom, noon } from '../../../tests/events.ts'
import { faultyPorts } from '../../../tests/faulty-ports.ts'
import { memoryPorts } from '../../adapters/memory/ports.ts'
import { writeTable } from '../../lake/delta/write-table.ts'
import { silverCustomers, silverProducts, silverUsers } from '../../lake/tables/silver-tables.ts'
import { definitionOf, type Table } from '../../lake/tables/table.ts'
import type { Ports } from '../../ports.ts'
import type { StageContext } from '../../runs/stage.ts'
import { collections } from '../../schemas/collections.ts'
import { ingestChanges } from '../catalog-changes/ingest-changes.ts'
import { catalogueStage } from './catalogue-stage.ts'

async function write(table: Table, rows: readonly string[], ports: Ports) {
  await using session = await ports.sql.open()
  await writeTable(definitionOf(table), rows.join(' union all by name '), { session, replace: 'all' }, ports)
}
const product = (id: string, price: number, { minute = 0, deleted = false } = {}) => {
  const at = new Date(noon + minute * 60_000).toISOString()
  return `select '${id}' as item_id, '${id.toUpperCase()}' as name, 'Paper' as category, ${price}::double as price,
    true as in_stock, ${deleted} as is_deleted, '${at}'::timestamptz as updated_at, '${price} ${deleted}' as _row_hash`
}
const customer = (id: string, country: string, isCurrent = true) =>
  `select '${id}' as user_id, '${country}' as country, ${isCurrent} as is_current, false as is_deleted,
    '1970-01-01'::timestamptz as valid_from, '${country}' as _row_hash`

/** Runs the stage to its end; gives what its chunks reported. */
async function publish(ports: Ports) {
  const context: StageContext = {
    ...{ runId: 'r1', token: 1, createdAt: new Date(0).toISOString(), ports },
    ...{ progress: async () => undefined, note: () => undefined },
  }
  const total = { chunks: 0, rows: 0, documents_written: 0 }
  let chunks = await catalogueStage.plan(context)
  for (let round = 0; chunks.length > 0; round++) {
    const metrics = []
    for (const chunk of chunks) metrics.push(await catalogueStage.run(chunk, context))
    total.chunks += chunks.length
    for (const each of metrics) {
      total.rows += each.rows ?? 0
      total.documents_written += each.documents_written ?? 0
    }
    chunks = (await catalogueStage.planNext?.(context, { round, chunks, metrics })) ?? []
  }
  return total
}
const itemOf = async (id: string, { documents }: Ports) =>
  (await documents.read(collections.items, { id, partition: id }))?.document
const countryOf = async (userId: string, { documents }: Ports) =>
  (await documents.read(collections.customers, { id: 'customer', partition: userId }))?.document.country

test('products and customers of silver are served, and only what changed is written again', async () => {
  const ports = memoryPorts({ now: noon })
  expect(await publish(ports)).toEqual({ chunks: 0, rows: 0, documents_written: 0 })
  await write(silverProducts, [product('pen', 1), product('ink', 2)], ports)
  await write(silverCustomers, [customer('anna', 'Malta', false), customer('anna', 'Italy')], ports)
  expect(await publish(ports)).toMatchObject({ rows: 3, documents_written: 3 })
  expect(await itemOf('pen', ports)).toMatchObject({ name: 'PEN', category: 'Paper', price: 1, in_stock: true })
  expect(await countryOf('anna', ports)).toBe('Italy')
  expect(await publish(ports)).toEqual({ chunks: 0, rows: 0, documents_written: 0 })

  await write(silverProducts, [product('pen', 3, { minute: 5 }), product('ink', 2)], ports)
  expect(await publish(ports)).toMatchObject({ rows: 1, documents_written: 1 })
  expect(await itemOf('pen', ports)).toMatchObject({ price: 3 })
})

test('what rules need is served: lists as lists, the margin, when a product came, and nothing that limits nothing', async () => {
  const ports = memoryPorts({ now: noon })
  const wine = `4::double as cost, 'Nord' as brand, 'red|dry' as tags, 'web|app' as channels, 'Sud' as regions,
    18 as min_age, true as hidden, '2025-03-04'::timestamptz as first_seen_at`
  const tea = `'' as tags, '' as channels, 0 as min_age, false as hidden`
  await write(silverProducts, [`${product('wine', 5)}, ${wine}`, `${product('tea', 3)}, ${tea}`], ports)
  await publish(ports)
  expect(await itemOf('wine', ports)).toMatchObject({
    ...{ cost: 4, margin: 0.2, brand: 'Nord', tags: ['red', 'dry'], channels: ['web', 'app'], regions: ['Sud'] },
    ...{ min_age: 18, hidden: true, added_at: Date.UTC(2025, 2, 4) },
  })
  const fields = Object.keys((await itemOf('tea', ports)) ?? {})
  expect(fields).toEqual(expect.arrayContaining(['name', 'price', 'in_stock']))
  for (const field of ['tags', 'channels', 'min_age', 'hidden', 'margin', 'brand']) expect(fields).not.toContain(field)
})

test('a customer’s region and year of birth are served', async () => {
  const ports = memoryPorts({ now: noon })
  await write(silverCustomers, [`${customer('anna', 'Italy')}, 'Lazio' as region, 1990 as birth_year`], ports)
  await publish(ports)
  const key = { id: 'customer', partition: 'anna' }
  expect((await ports.documents.read(collections.customers, key))?.document).toMatchObject({
    ...{ country: 'Italy', region: 'Lazio', birth_year: 1990 },
  })
})

test('columns that are served from now on reach the documents once, also where silver has nothing new', async () => {
  const ports = memoryPorts({ now: noon })
  await write(silverProducts, [product('wine', 5), product('tea', 3)], ports)
  await write(silverCustomers, [customer('anna', 'Italy'), customer('ben', 'Malta')], ports)
  await publish(ports)
  await write(silverProducts, [`${product('wine', 5)}, 'red' as tags`, product('tea', 3)], ports)
  await write(silverCustomers, [`${customer('anna', 'Italy')}, 'Lazio' as region`, customer('ben', 'Malta')], ports)
  // The version before published these tables, too, and took fewer columns of them.
  for (const name of ['products', 'customers']) {
    await ports.blobs.write(`silver/_published/${name}.json`, Buffer.from(JSON.stringify({ version: 1 })))
  }
  expect(await publish(ports)).toMatchObject({ rows: 4, documents_written: 2 })
  expect(await itemOf('wine', ports)).toMatchObject({ tags: ['red'] })
  expect(await publish(ports)).toEqual({ chunks: 0, rows: 0, documents_written: 0 })
})

test('a product that silver has as deleted becomes a tombstone', async () => {
  const ports = memoryPorts({ now: noon })
  await write(silverProducts, [product('pen', 1)], ports)
  await publish(ports)
  await write(silverProducts, [product('pen', 1, { minute: 1, deleted: true })], ports)
  await publish(ports)
  expect(await itemOf('pen', ports)).toMatchObject({ deleted: true })
})

test('what a change of the hub set later stays, also when the lake does not know of it yet', async () => {
  const ports = memoryPorts({ now: noon })
  await write(silverProducts, [product('pen', 1)], ports)
  await publish(ports)
  const change = aChange(600, { entity: 'price', data: { price: 9 } })
  await ingestChanges({ partition: '0', events: deliveredFrom(1, [change]) }, { pseudonymKey: 'key' }, ports)
  await write(silverProducts, [product('pen', 2, { minute: 5 })], ports)
  await publish(ports)
  expect(await itemOf('pen', ports)).toMatchObject({ price: 9 })
  await write(silverProducts, [product('pen', 4, { minute: 15 })], ports)
  await publish(ports)
  expect(await itemOf('pen', ports)).toMatchObject({ price: 4, applied: { 0: 1 } })
})

test('a product without a price is kept from lists until it has one', async () => {
  const ports = memoryPorts({ now: noon })
  await write(silverProducts, [product('pen', 1).replace('1::double', 'null::double')], ports)
  await publish(ports)
  expect(await itemOf('pen', ports)).toMatchObject({ incomplete: true })
})

test('killed at any operation and run again, the documents are what one run leaves', async () => {
  const shop = async () => {
    const ports = memoryPorts({ now: noon })
    await write(silverProducts, [product('pen', 1), product('ink', 2)], ports)
    await write(silverCustomers, [customer('anna', 'Italy')], ports)
    return ports
  }
  const served = async (ports: Ports) => [
    await itemOf('pen', ports),
    await itemOf('ink', ports),
    await countryOf('anna', ports),
  ]
  const once = await shop()
  const whole = faultyPorts(once, { at: Number.POSITIVE_INFINITY, loses: 'effect', worker: 'alive' })
  await publish(whole.ports)
  const left = await served(once)
  for (let at = 1; at <= whole.operations(); at++) {
    const ports = await shop()
    const loses = at % 2 === 0 ? 'effect' : 'answer'
    await publish(faultyPorts(ports, { at, loses, worker: 'dead' }).ports).catch(() => undefined)
    await publish(ports)
    expect(await served(ports), `struck at ${at}`).toEqual(left)
  }
})

const valued = (id: string, { orders, clv, asOf }: { orders: number; clv: number; asOf: string }) =>
  `select '${id}' as user_id, ${orders} as orders, ${orders * 10}::double as revenue, 10::double as average_order_value,
    '2025-01-01'::timestamptz as first_order_at, '2025-06-01'::timestamptz as last_order_at, 5 as r_score, 4 as f_score,
    3 as m_score, 'loyal' as rfm_segment, ${clv}::double as clv, 'Gold' as clv_segment, 'low' as churn_risk,
    'silver' as loyalty_tier, '${asOf}'::timestamptz as as_of`

test('what a customer is worth is served with the record, and told anew only when it is another', async () => {
  const ports = memoryPorts({ now: noon })
  await write(silverCustomers, [customer('anna', 'Malta')], ports)
  await write(silverUsers, [valued('anna', { orders: 3, clv: 12.345, asOf: '2025-07-01' })], ports)
  await publish(ports)
  const anna = async () =>
    (await ports.documents.read(collections.customers, { id: 'customer', partition: 'anna' }))?.document
  const first = await anna()
  expect(first).toMatchObject({
    ...{ country: 'Malta', segment: 'loyal', loyalty: 'silver' },
    standing: {
      ...{ as_of: '2025-07-01T00:00:00.000Z', orders: 3, revenue: 30, average_order_value: 10, clv: 12.35 },
      ...{ rfm: { recency: 5, frequency: 4, monetary: 3 }, clv_segment: 'Gold', churn_risk: 'low' },
      ...{ first_order_at: '2025-01-01T00:00:00.000Z', last_order_at: '2025-06-01T00:00:00.000Z' },
    },
  })
  // A day later the chance of another order is a little less: no reason to write to all customers.
  await write(silverUsers, [valued('anna', { orders: 3, clv: 12.3, asOf: '2025-07-02' })], ports)
  expect(await publish(ports)).toMatchObject({ documents_written: 0 })
  expect(await anna()).toEqual(first)
  await write(silverUsers, [valued('anna', { orders: 4, clv: 20, asOf: '2025-07-03' })], ports)
  expect(await publish(ports)).toMatchObject({ documents_written: 1 })
  expect((await anna())?.standing).toMatchObject({ orders: 4, clv: 20 })
})
