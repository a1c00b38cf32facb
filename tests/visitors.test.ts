import { expect, test } from 'vitest'
import { memoryPorts } from '../shared/adapters/memory/ports.ts'
import { CounterWriter } from '../shared/ingest/counter-writer.ts'
import { ingestBatch } from '../shared/ingest/ingest-batch.ts'
import { ProfileWriter } from '../shared/ingest/profile-writer.ts'
import type { Ports } from '../shared/ports.ts'
import { collections } from '../shared/schemas/collections.ts'
import { guestId } from '../shared/schemas/ids.ts'
import { checkerboardShop, runJob } from './memory-shop.ts'

const minuteMs = 60_000
const listOf = async (userId: string, { documents }: Ports) =>
  (await documents.read(collections.userLists, { id: userId, partition: userId }))?.document

test('what a visitor bought teaches models at once, and is the user’s own past after the login', async () => {
  const ports = await checkerboardShop(memoryPorts({ now: Date.UTC(2026, 0, 1) }))
  const writers = { profiles: new ProfileWriter(), counters: new CounterWriter({ halfLifeMs: 72 * 60 * minuteMs }) }
  let sequence = 0
  const happens = async (fields: Record<string, unknown>) => {
    ports.advance(minuteMs)
    sequence += 1
    const ts = new Date(ports.clock()).toISOString()
    const event = { schema_version: 1, event_id: ports.uuid(), ts, session_id: 's1', ...fields }
    await ingestBatch(
      { partition: '0', events: [{ sequenceNumber: sequence, enqueuedAt: ts, body: event }] },
      writers,
      ports,
    )
  }
  for (const item_id of ['i1', 'i3', 'i5']) await happens({ event_type: 'purchase', item_id })
  await runJob('lake', ports)
  await runJob('refresh', ports)
  expect(await listOf(guestId('s1'), ports)).toBeUndefined()

  await happens({ event_type: 'login', user_id: 'newcomer' })
  await runJob('lake', ports)
  await runJob('refresh', ports)
  const lists = await listOf('newcomer', ports)
  const { items = [], purchases = [] } = (lists?.b ?? lists?.a)?.value ?? {}
  expect(purchases.map(([itemId]) => itemId)).toEqual(['i5', 'i3', 'i1'])
  expect(items.slice(0, 3).map(([itemId]) => Number(itemId.slice(1)) % 2)).toEqual([1, 1, 1])
  expect(await listOf(guestId('s1'), ports)).toBeUndefined()
})
