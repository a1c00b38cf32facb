import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { aChange, penInserted } from '../../../tests/changes.ts'
import { deliveredFrom, noon } from '../../../tests/events.ts'
import { faultyPorts, WorkerStruck } from '../../../tests/faulty-ports.ts'
import { memoryPorts } from '../../adapters/memory/ports.ts'
import type { Ports } from '../../ports.ts'
import { isOffered } from '../../schemas/catalogue.ts'
import { collections } from '../../schemas/collections.ts'
import { liveCatalogue } from '../../serving/catalogue.ts'
import type { Delivered } from '../delivered.ts'
import { ingestChanges } from './ingest-changes.ts'

const ingest = (events: readonly Delivered[], ports: Ports) =>
  ingestChanges({ partition: '0', events }, { pseudonymKey: 'key' }, ports)
const itemOf = async (id: string, { documents }: Ports) =>
  (await documents.read(collections.items, { id, partition: id }))?.document
const customerOf = async (userId: string, { documents }: Ports) =>
  (await documents.read(collections.customers, { id: 'customer', partition: userId }))?.document

/** What the shop shows of the pen after each change came by itself; undefined while it has none. */
async function penAfter(...changes: Record<string, unknown>[]) {
  const ports = memoryPorts({ now: noon })
  for (const [index, change] of changes.entries()) await ingest(deliveredFrom(index + 1, [change]), ports)
  const pen = await itemOf('pen', ports)
  if (!pen || !isOffered(pen)) return undefined
  const { name, category, price, in_stock } = pen
  return { name, category, price, in_stock }
}

const price = (number: number, value: number) => aChange(number, { entity: 'price', data: { price: value } })
const stock = (number: number, pieces: number) => aChange(number, { entity: 'stock', data: { stock: pieces } })
const deleted = (number: number) => aChange(number, { op: 'delete' })
const pen = { name: 'Pen', category: 'Paper', price: 2.5, in_stock: true }

describe('a change of the catalogue', () => {
  test('is seen at once: a new product, its price, its stock', async () => {
    expect(await penAfter(penInserted(1))).toEqual(pen)
    expect(await penAfter(penInserted(1), price(2, 3), stock(3, 0))).toEqual({ ...pen, price: 3, in_stock: false })
    expect(await penAfter(penInserted(1), aChange(2, { data: { name: 'Blue pen' } }))).toEqual({
      ...pen,
      name: 'Blue pen',
    })
  })

  test('that is late does not undo a later one, and what it alone says counts', async () => {
    expect(await penAfter(penInserted(1), price(9, 3), price(5, 2))).toEqual({ ...pen, price: 3 })
    expect(await penAfter(penInserted(1), price(9, 3), stock(5, 0))).toEqual({ ...pen, price: 3, in_stock: false })
  })

  test('may come before the product it is about', async () => {
    expect(await penAfter(price(1, 2))).toBeUndefined()
    expect(await penAfter(stock(3, 0), price(4, 2), penInserted(1))).toEqual({ ...pen, price: 2, in_stock: false })
  })

  test('deletes a product for good, until it is inserted anew', async () => {
    expect(await penAfter(penInserted(1), deleted(2))).toBeUndefined()
    expect(
      await penAfter(penInserted(1), deleted(5), price(4, 3), aChange(6, { data: { name: 'Pen' } })),
    ).toBeUndefined()
    expect(await penAfter(penInserted(1), deleted(2), penInserted(3))).toEqual(pen)
    expect(await penAfter(deleted(2), penInserted(1))).toBeUndefined()
  })
})

test('what rules and reasons need of a product comes with its changes; null and absent leave it, an empty list clears it', async () => {
  const ports = memoryPorts({ now: noon })
  const told = { brand: 'Nord', tags: ['blue', 'blue', ' wet '], channels: ['Web'], regions: ['Sud'], min_age: 18 }
  const inserted = aChange(1, { op: 'insert', data: { name: 'Pen', price: 4, cost: 1, hidden: true, ...told } })
  await ingest(deliveredFrom(1, [inserted]), ports)
  expect(await itemOf('pen', ports)).toMatchObject({
    ...{ brand: 'Nord', tags: ['blue', 'wet'], channels: ['web'], regions: ['Sud'], min_age: 18, hidden: true },
    ...{ cost: 1, margin: 0.75 },
  })
  const cheaper = aChange(2, { entity: 'price', data: { price: 2 } })
  const freed = aChange(3, { data: { brand: null, tags: [], channels: [], min_age: 0, hidden: false } })
  await ingest(deliveredFrom(2, [cheaper, freed]), ports)
  const pen = await itemOf('pen', ports)
  expect(pen).toMatchObject({ brand: 'Nord', regions: ['Sud'], margin: 0.5 })
  for (const field of ['tags', 'channels', 'min_age', 'hidden']) expect(pen).not.toHaveProperty([field])
  // Late: what was cleared stays cleared.
  await ingest(deliveredFrom(4, [aChange(2, { data: { tags: ['red'], min_age: 16 } })]), ports)
  expect((await itemOf('pen', ports))?.tags).toBeUndefined()
})

test('a customer’s region and year of birth come with their changes', async () => {
  const ports = memoryPorts({ now: noon })
  const change = (number: number, data: object) => aChange(number, { entity: 'customer', key: 'anna', data })
  await ingest(deliveredFrom(1, [change(1, { region: 'Nord', birth_date: '1990-05-06' })]), ports)
  expect(await customerOf('anna', ports)).toMatchObject({ country: '', region: 'Nord', birth_year: 1990 })
  await ingest(deliveredFrom(2, [change(2, { region: 'Sud', age: 30 })]), ports)
  expect(await customerOf('anna', ports)).toMatchObject({ region: 'Sud', birth_year: 1996 })
})

test('a deleted product leaves the catalogue that lists are filled from within seconds', async () => {
  const ports = memoryPorts({ now: noon })
  await ingest(
    deliveredFrom(1, [penInserted(1), aChange(2, { op: 'insert', key: 'ink', data: { name: 'Ink', price: 1 } })]),
    ports,
  )
  const catalogue = liveCatalogue(ports, { refreshMs: 500 })
  expect([...(await catalogue()).items.keys()].sort()).toEqual(['ink', 'pen'])
  ports.advance(60_000)
  await ingest(deliveredFrom(3, [deleted(3)]), ports)
  await catalogue()
  await expect.poll(async () => [...(await catalogue()).items.keys()]).toEqual(['ink'])
})

test('a customer’s change is stored without e-mail, phone and name, in bronze and in dead letters', async () => {
  const ports = memoryPorts({ now: noon })
  const data = { email: 'anna@shop.example', phone: '0170 1234567', name: 'Anna Smith', country: 'Malta' }
  const anna = aChange(1, { entity: 'customer', key: 'anna', op: 'insert', data })
  const bad = [aChange(2, { entity: 'customer', key: 'a/b', data }), aChange(3, { entity: 'person', data }), { data }]
  expect(await ingest(deliveredFrom(1, [anna, ...bad]), ports)).toMatchObject({ read: 4, stored: 1, rejected: 3 })
  expect(await customerOf('anna', ports)).toMatchObject({ country: 'Malta', deleted: false })
  let written = ''
  for (const folder of ['bronze/', 'dead-letter/']) {
    for await (const { path } of ports.blobs.list(folder))
      written += new TextDecoder().decode(await ports.blobs.read(path))
  }
  expect(written).toContain('an***@shop.example')
  expect(written).not.toMatch(/anna@|1234567|Smith/)
  await ingest(deliveredFrom(9, [aChange(9, { entity: 'customer', key: 'anna', op: 'delete' })]), ports)
  expect(await customerOf('anna', ports)).toMatchObject({ deleted: true })
})

test.each([
  ['an unknown entity', { entity: 'shelf' }, 'entity'],
  ['an unknown op', { op: 'upsert' }, 'op'],
  ['a key with a slash', { key: 'a/b' }, 'key'],
  ['an id that is no UUID', { change_id: '7' }, 'change_id'],
  ['a price below 0', { data: { price: -1 } }, 'data.price'],
  ['a stock that is a text', { entity: 'stock', data: { stock: 'many' } }, 'data.stock'],
  ['an age that is no whole number', { data: { min_age: 1.5 } }, 'data.min_age'],
  ['an age beyond anybody’s', { data: { min_age: 121 } }, 'data.min_age'],
  ['a text for hidden', { data: { hidden: 'yes' } }, 'data.hidden'],
  ['51 tags', { data: { tags: Array(51).fill('a') } }, 'data.tags'],
  ['a tag with a bar', { data: { tags: ['a', 'b|c'] } }, 'data.tags[1]'],
  ['tags that are a text', { data: { tags: 'a' } }, 'data.tags'],
  ['a cost below 0', { data: { cost: -1 } }, 'data.cost'],
  ['a date of birth that is none', { entity: 'customer', data: { birth_date: '31.02.1990' } }, 'data.birth_date'],
  ['a year of birth long ago', { entity: 'customer', data: { birth_year: 1899 } }, 'data.birth_year'],
  ['a time that lies days ahead', { ts: '2026-01-03T12:00:00Z' }, 'ts'],
])('%s goes to the dead letter with its field', async (_, fields, field) => {
  const ports = memoryPorts({ now: noon })
  expect(await ingest(deliveredFrom(1, [aChange(1, fields)]), ports)).toMatchObject({ stored: 0, rejected: 1 })
  const path = 'dead-letter/catalog-changes/date=2026-01-01/0-000000000001.ndjson'
  const letter = JSON.parse(new TextDecoder().decode(await ports.blobs.read(path)))
  expect(letter.reasons[0].field).toBe(field)
})

const batch = deliveredFrom(1, [
  ...[penInserted(1), price(2, 3), deleted(3), penInserted(4), stock(5, 0)],
  aChange(6, { entity: 'customer', key: 'anna', data: { country: 'Malta' } }),
])
const effects = async (ports: Ports) => ({ pen: await itemOf('pen', ports), anna: await customerOf('anna', ports) })

test('a batch delivered again, in pieces, or after the worker died at any operation has one effect', async () => {
  const once = memoryPorts({ now: noon })
  const whole = faultyPorts(once, { at: Number.POSITIVE_INFINITY, loses: 'effect', worker: 'alive' })
  await ingest(batch, whole.ports)
  const undisturbed = await effects(once)
  for (const loses of ['effect', 'answer'] as const) {
    for (let at = 1; at <= whole.operations(); at++) {
      const ports = memoryPorts({ now: noon })
      await expect(ingest(batch, faultyPorts(ports, { at, loses, worker: 'dead' }).ports)).rejects.toThrow(WorkerStruck)
      await ingest(batch.slice(0, 2), ports)
      await ingest(batch, ports)
      expect(await effects(ports), `struck at ${at}`).toEqual(undisturbed)
    }
  }
})

test('two workers with one batch leave what one leaves', async () => {
  const [once, twice] = [memoryPorts({ now: noon }), memoryPorts({ now: noon })]
  await ingest(batch, once)
  await Promise.all([ingest(batch, twice), ingest(batch.slice(0, 3), twice), ingest(batch, twice)])
  expect(await effects(twice)).toEqual(await effects(once))
})

test('in whatever order changes arrive, the product ends as if they had come by their time', async () => {
  const change = fc
    .record({
      number: fc.uniqueArray(fc.nat(99), { minLength: 5, maxLength: 5 }),
      value: fc.nat(5),
      kinds: fc.array(fc.nat(3), { minLength: 5, maxLength: 5 }),
    })
    .map(({ number, value, kinds }) =>
      number.map(
        (at, index) =>
          [price(at, value + index), stock(at, index % 2), deleted(at), penInserted(at)][kinds[index] ?? 0] ??
          deleted(at),
      ),
    )
  await fc.assert(
    fc.asyncProperty(change, async changes => {
      const inTime = changes.toSorted((a, b) => String(a.ts).localeCompare(String(b.ts)))
      expect(await penAfter(...changes)).toEqual(await penAfter(...inTime))
    }),
    { numRuns: 100 },
  )
})
