import { expect, test } from 'vitest'
import { putItem } from '../../tests/served-shop.ts'
import { memoryPorts } from '../adapters/memory/ports.ts'
import { catalogueSnapshotStage } from '../publishing/catalogue-snapshot.ts'
import { liveCatalogue } from './catalogue.ts'

async function twoProducts() {
  const ports = memoryPorts()
  await putItem(ports.documents, 'pen', { category: 'Office', price: 2, name: 'Red pen' })
  await putItem(ports.documents, 'cup', { category: 'Kitchen', price: 5, name: 'Blue cup' })
  return { ports, catalogue: liveCatalogue(ports, { refreshMs: 500 }) }
}

test('the catalogue is in order of name, and counts its categories, the largest first', async () => {
  const { ports, catalogue } = await twoProducts()
  await putItem(ports.documents, 'tea', { category: 'Kitchen', name: 'A tea' })
  const { byName, categories } = await catalogue()
  expect(byName.map(({ id }) => id)).toEqual(['tea', 'cup', 'pen'])
  expect(categories).toEqual([
    { name: 'Kitchen', items: 2 },
    { name: 'Office', items: 1 },
  ])
})

test('a new product and a changed one are seen after the next look, and only what changed is read', async () => {
  const { ports, catalogue } = await twoProducts()
  const first = await catalogue()
  ports.advance(700)
  await putItem(ports.documents, 'pen', { category: 'Office', price: 3, name: 'Red pen' })
  await putItem(ports.documents, 'tea', { category: 'Kitchen', name: 'A tea' })
  expect(await catalogue()).toBe(first)
  await expect.poll(async () => (await catalogue()).items.get('pen')?.price).toBe(3)
  const second = await catalogue()
  expect(second.byName.map(({ id }) => id)).toEqual(['tea', 'cup', 'pen'])
  expect(first.items.get('pen')?.price).toBe(2)
})

test('a product that was sold out longer than twice the refresh ago is seen by the very next request', async () => {
  const { ports, catalogue } = await twoProducts()
  await catalogue()
  await putItem(ports.documents, 'pen', { category: 'Office', inStock: false })
  ports.advance(1_001)
  expect((await catalogue()).items.get('pen')?.in_stock).toBe(false)
})

test('a new instance begins with the last refresh’s snapshot, and knows what changed since', async () => {
  const { ports, catalogue } = await twoProducts()
  const createdAt = new Date(ports.clock()).toISOString()
  const context = { runId: 'r', token: 1, createdAt, ports, progress: async () => undefined, note: () => undefined }
  await catalogueSnapshotStage.run({}, context)
  ports.advance(60_000)
  await putItem(ports.documents, 'pen', { category: 'Office', inStock: false })
  const asked: number[] = []
  const documents = {
    ...ports.documents,
    query: ((collection, conditions) => {
      asked.push(conditions.changedSinceSeconds ?? 0)
      return ports.documents.query(collection, conditions)
    }) as typeof ports.documents.query,
  }
  const next = await liveCatalogue({ ...ports, documents }, { refreshMs: 500 })()
  expect([next.items.get('pen')?.in_stock, next.items.get('cup')?.name]).toEqual([false, 'Blue cup'])
  expect(next.items.get('cup')).toEqual((await catalogue()).items.get('cup'))
  expect(asked[0]).toBeGreaterThan(0)
})

test('a snapshot that cannot be read is said, and every document read instead', async () => {
  const { ports, catalogue } = await twoProducts()
  await ports.blobs.write('models/catalogue/items.ndjson.gz', Buffer.from('nonsense'))
  expect((await catalogue()).items.size).toBe(2)
  expect(ports.logged).toMatchObject([{ level: 'warn', message: expect.stringContaining('snapshot') }])
})

test('a catalogue in which nothing changed stays the same object', async () => {
  const { ports, catalogue } = await twoProducts()
  const first = await catalogue()
  ports.advance(200_000)
  expect(await catalogue()).toBe(first)
})
