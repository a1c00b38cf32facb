import { expect, test } from 'vitest'
import { memoryPorts } from './ports.ts'

test('ids count up and differ from their first digits on, as those of a run are cut', () => {
  const { uuid } = memoryPorts()
  const ids = [uuid(), uuid(), uuid()]
  expect(new Set(ids.map(id => id.slice(0, 8))).size).toBe(3)
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
})

test('a copy of a shop holds what the shop held, and goes its own way', async () => {
  const shop = memoryPorts()
  await shop.blobs.write('landing/orders.csv', Buffer.from('before'))
  shop.advance(5)
  const other = shop.copy()
  await shop.blobs.write('landing/orders.csv', Buffer.from('after'))
  shop.advance(5)
  expect(String(Buffer.from((await other.blobs.read('landing/orders.csv')) ?? []))).toBe('before')
  expect(shop.clock() - other.clock()).toBe(5)
  expect(other.uuid()).toBe(shop.uuid())
})
