import { describe, expect, test } from 'vitest'
import { memoryPorts } from '../shared/adapters/memory/ports.ts'
import { CounterWriter } from '../shared/ingest/counter-writer.ts'
import { ingestBatch } from '../shared/ingest/ingest-batch.ts'
import { ProfileWriter } from '../shared/ingest/profile-writer.ts'
import { shop as servedShop } from '../shared/serving/shop.ts'
import { checkerboardShop, runJob } from './memory-shop.ts'
import { listed } from './served-shop.ts'

const popularity = { halfLifeMs: 72 * 3_600_000 }

describe('a shop on memory ports', () => {
  test('learns from landed files and recommends each user the item they left out', async () => {
    const ports = await checkerboardShop()
    expect(await runJob('lake', ports)).toMatchObject({ status: 'completed' })
    expect(await runJob('refresh', ports)).toMatchObject({ status: 'completed' })
    const shop = servedShop(ports, popularity)
    for (let user = 0; user < 12; user++) {
      const [first] = await listed({ userId: `u${user}`, limit: 3 }, shop)
      expect(first).toMatchObject({ itemId: `i${user}`, rung: 'personal', reason: { code: 'personal' } })
    }
  })

  test('answers a purchase at once: the bought item goes, its neighbours come, without a retrain', async () => {
    const ports = await checkerboardShop(memoryPorts({ now: Date.UTC(2026, 0, 1) }))
    await runJob('lake', ports)
    await runJob('refresh', ports)
    const shop = servedShop(ports, popularity)
    const before = await listed({ userId: 'newcomer', limit: 5 }, shop)
    expect(before[0]?.rung).toBe('trending')
    await shop.modelSettled()

    ports.advance(60_000)
    const event = {
      ...{ schema_version: 1, event_id: ports.uuid(), user_id: 'newcomer', event_type: 'purchase', item_id: 'i3' },
      ts: new Date(ports.clock()).toISOString(),
    }
    const events = [{ sequenceNumber: 7, enqueuedAt: event.ts, body: event }]
    const writers = { profiles: new ProfileWriter(), counters: new CounterWriter(popularity) }
    await ingestBatch({ partition: '0', events }, writers, ports)

    const after = await listed({ userId: 'newcomer', limit: 5 }, shop)
    expect(after.map(({ itemId }) => itemId)).not.toContain('i3')
    expect(after.map(({ rung }) => rung)).toEqual(Array(5).fill('personal'))
    expect(after[0]?.reason).toMatchObject({ code: 'recent', text: 'Because you bought Item 3' })
    expect(after.map(({ item }) => item.category)).toEqual(['Odd', 'Odd', 'Odd', 'Odd', 'Odd'])
  })

  test('answers a look with another list, and a visitor by what the session did', async () => {
    const ports = await checkerboardShop(memoryPorts({ now: Date.UTC(2026, 0, 1) }))
    await runJob('lake', ports)
    await runJob('refresh', ports)
    const shop = servedShop(ports, popularity)
    const u0 = { userId: 'u0', limit: 5 }
    const before = await listed(u0, shop)
    await shop.modelSettled()
    ports.advance(60_000)
    const ts = new Date(ports.clock()).toISOString()
    const look = (of: object) => ({ schema_version: 1, event_id: ports.uuid(), event_type: 'view', ts, ...of })
    const bodies = [look({ user_id: 'u0', item_id: 'i3' }), look({ session_id: 's1', item_id: 'i4' })]
    const events = bodies.map((body, index) => ({ sequenceNumber: index, enqueuedAt: ts, body }))
    const writers = { profiles: new ProfileWriter(), counters: new CounterWriter(popularity) }
    await ingestBatch({ partition: '0', events }, writers, ports)

    const after = await listed(u0, shop)
    expect(after.map(({ itemId }) => itemId)).not.toEqual(before.map(({ itemId }) => itemId))
    expect(after.some(({ item }) => item.category === 'Odd')).toBe(true)
    const visitor = await listed({ sessionId: 's1', limit: 3 }, shop)
    expect(visitor.map(({ item }) => item.category)).toEqual(['Even', 'Even', 'Even'])
  })
})
