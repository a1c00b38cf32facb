import { expect, test } from 'vitest'
import { memoryPorts } from '../shared/adapters/memory/ports.ts'
import { namesOf } from '../shared/algorithms/name-list.ts'
import { orderLine } from '../shared/training/bronze-line.ts'
import { gatherEvents } from '../shared/training/gather-events.ts'
import { quickInteractionLine, quickOrderLine } from '../shared/training/quick-line.ts'
import { readFeedback } from '../shared/training/read-feedback.ts'
import { shopCatalogue, writeShop } from './large-shop.ts'

const size = { users: 500, items: 2_000, interactions: 12_000 }

async function written(seed: number) {
  const { blobs } = memoryPorts()
  const { files, bytes } = await writeShop(size, { seed, blobs })
  const paths = (await Array.fromAsync(blobs.list('bronze/'))).map(({ path }) => path)
  expect(paths).toHaveLength(files)
  const texts = await Promise.all(paths.map(async path => new TextDecoder().decode(await blobs.read(path))))
  return { blobs, bytes, paths, texts }
}

test('a shop is as large as asked for, every user comes, and copies of events are dropped', async () => {
  const { blobs, paths } = await written(1)
  const catalogue = new Set([...shopCatalogue(size)].map(({ id }) => id as string))
  expect(catalogue.size).toBe(2_000)
  const part = await readFeedback(paths, blobs)
  const gathering = gatherEvents(part.key.length, catalogue)
  gathering.add(part)
  const { users, items, counts } = gathering.events()
  expect(namesOf(users)).toHaveLength(500)
  expect(namesOf(items).length).toBeGreaterThan(1_000)
  expect(counts.unknown_items).toBe(0)
  // An order that names an item twice counts as a copy too.
  expect(counts.events - counts.duplicates).toBeGreaterThan(11_500)
  expect(counts.events).toBeGreaterThan(12_000)
})

test('its lines are what landing and the ingest write', async () => {
  const { paths, texts } = await written(1)
  for (const [file, path] of paths.entries()) {
    const raw: unknown = JSON.parse(texts[file]?.split('\n')[0] ?? '')
    if (path.startsWith('bronze/orders/')) expect(quickOrderLine(raw)).toEqual(orderLine(raw))
    else expect(quickInteractionLine(raw)).toBeDefined()
  }
})

test('the same seed gives the same bytes, another seed others', async () => {
  const first = (await written(1)).texts.join('')
  expect((await written(1)).texts.join('') === first).toBe(true)
  expect((await written(2)).texts.join('') === first).toBe(false)
})
