import { expect, test } from 'vitest'
import { cosmosDurability } from './cosmos-durability.ts'
import { DurabilityWriter, type StoredItem } from './durability-writer.ts'

test('no acknowledged write is lost when the server is killed in the middle of writing, and the change feed has no gap', async () => {
  const count = await cosmosDurability({ rounds: 3 })
  expect(count).toMatchObject({ rounds: 3, lost: 0, gaps: 0 })
  expect(count.acknowledged).toBeGreaterThanOrEqual(3 * 100)
}, 60_000)

test('an acknowledged item that is not stored counts as lost', async () => {
  const writer = new DurabilityWriter('w')
  const created: StoredItem[] = []
  const accepting = { items: { upsert: async (item: StoredItem) => void created.push(item) } }
  await writer.write(accepting as never, () => true)
  expect(writer.settle(new Map(created.map(item => [item.id, { ...item, version: 7 }])))).toBe(1)
  expect(writer.settle(new Map())).toBe(1)
})

test('a batch of which a part is stored counts as lost', async () => {
  const writer = new DurabilityWriter('w')
  const accept = async () => ({ code: 200 })
  const items = { upsert: accept, create: accept, batch: () => Promise.reject(new Error('cut')) }
  const container = { items, item: () => ({ replace: accept, patch: accept }) }
  let stored = new Map<string, StoredItem>()
  for (let write = 1; write <= 3; write++) await writer.write(container as never, () => true)
  expect(await writer.write(container as never, () => false)).toBe(false)
  const item = (id: string, version: number): StoredItem => ({ id, writer: 'w', version, _etag: '', _lsn: 0 })
  stored = new Map([item('up-1', 3), item('batch-a', 4)].map(each => [each.id, each]))
  expect(writer.settle(stored)).toBe(1)
})
