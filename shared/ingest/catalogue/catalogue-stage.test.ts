import { expect, test } from 'vitest'
import { aChange } from '../../../tests/changes.ts'
import { deliveredFrom, noon } from '../../../tests/events.ts'
import { faultyPorts } from '../../../tests/faulty-ports.ts'
import { memoryPorts } from '../../adapters/memory/ports.ts'
import { writeTable } from '../../lake/delta/write-table.ts'
import { silverCustomers, silverProducts } from '../../lake/tables/silver-tables.ts'
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
  await ingestChanges({ partition: '0', events: deliveredFrom(1, [change]) }, 'key', ports)
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
