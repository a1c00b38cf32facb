import { expect } from 'vitest'
import { type MemoryPorts, memoryPorts } from '../shared/adapters/memory/ports.ts'
import { CounterWriter } from '../shared/ingest/counter-writer.ts'
import { ingestBatch } from '../shared/ingest/ingest-batch.ts'
import { ProfileWriter } from '../shared/ingest/profile-writer.ts'
import type { EventType } from '../shared/schemas/interaction.ts'
import type { Run } from '../shared/schemas/run.ts'
import { checkerboardShop, runJob } from './memory-shop.ts'

export const hourMs = 3_600_000

let fitted: ReturnType<typeof newlyFitted> | undefined

/** The checkerboard shop with its first model, on January 1st: for each who asks a shop of their own. */
export async function fittedShop() {
  fitted ??= newlyFitted()
  const { ports, first } = await fitted
  return { ports: ports.copy(), first }
}

async function newlyFitted() {
  const ports = await checkerboardShop(memoryPorts({ now: Date.UTC(2026, 0, 1) }))
  await runJob('lake', ports)
  const first = await runJob('refresh', ports)
  expect(metricsOf(first, 'decide')).toMatchObject({ refit: 1 })
  ports.advance(6 * hourMs)
  return { ports, first }
}

export const metricsOf = ({ stages }: Run, stage: string) => stages.find(({ name }) => name === stage)?.metrics

let sequence = 0
/** Events arrive through the hub, a second apart. */
export async function shoppers(ports: MemoryPorts, events: [userId: string, type: EventType, itemId: string][]) {
  const writers = { profiles: new ProfileWriter(), counters: new CounterWriter({ halfLifeMs: 72 * hourMs }) }
  for (const [userId, type, itemId] of events) {
    ports.advance(1_000)
    sequence += 1
    const ts = new Date(ports.clock()).toISOString()
    const event = { schema_version: 1, event_id: ports.uuid(), user_id: userId, event_type: type, item_id: itemId, ts }
    const delivered = { sequenceNumber: sequence, enqueuedAt: ts, body: event }
    await ingestBatch({ partition: '0', events: [delivered] }, writers, ports)
  }
}
