import { expect, test } from 'vitest'
import { anEvent, deliveredFrom, noon } from '../../tests/events.ts'
import { type MemoryPorts, memoryPorts } from '../adapters/memory/ports.ts'
import { collections } from '../schemas/collections.ts'
import { profileLimits } from '../schemas/profile.ts'
import { CounterWriter } from './counter-writer.ts'
import { ingestBatch } from './ingest-batch.ts'
import { ProfileWriter } from './profile-writer.ts'

const second = (after: number) => noon / 1000 + after
const impression = (number: number, itemId: string, after = number) =>
  anEvent(
    number,
    { event_type: 'impression', item_id: itemId, recommendation_id: 'r', position: 1, propensity: 1 },
    after,
  )

async function ingest(from: number, events: readonly unknown[], ports: MemoryPorts) {
  const writers = { profiles: new ProfileWriter(), counters: new CounterWriter({ halfLifeMs: 3_600_000 }) }
  await ingestBatch({ partition: '0', events: deliveredFrom(from, events) }, writers, ports)
  return (await ports.documents.read(collections.profiles, { id: 'profile', partition: 'anna' }))?.document
}

test('what was shown counts up until the user does something with it', async () => {
  const ports = memoryPorts({ now: noon })
  const shown = [impression(1, 'tea'), impression(2, 'pen'), impression(3, 'tea')]
  expect((await ingest(1, shown, ports))?.shown).toEqual({ tea: [2, second(3)], pen: [1, second(2)] })
  for (const [number, type] of (['view', 'click', 'add_to_cart', 'purchase'] as const).entries()) {
    const at = 10 * (number + 1)
    await ingest(at, [impression(at, 'tea')], ports)
    const after = await ingest(at + 1, [anEvent(at + 1, { event_type: type, item_id: 'tea' })], ports)
    expect(after?.shown, type).toEqual({ pen: [1, second(2)] })
  }
})

test('an impression that comes late, or twice, does not count', async () => {
  const ports = memoryPorts({ now: noon })
  await ingest(1, [anEvent(5, { item_id: 'tea' }), impression(1, 'tea', 4), impression(2, 'tea', 5)], ports)
  expect((await ingest(4, [impression(3, 'tea', 6)], ports))?.shown).toEqual({ tea: [1, second(6)] })
  expect((await ingest(5, [impression(3, 'tea', 6)], ports))?.shown).toEqual({ tea: [1, second(6)] })
})

test('a view before the item was shown again leaves what was shown since', async () => {
  const ports = memoryPorts({ now: noon })
  const profile = await ingest(1, [impression(1, 'tea', 8), anEvent(2, { item_id: 'tea' }, 3)], ports)
  expect(profile?.shown).toEqual({ tea: [1, second(8)] })
})

test('a profile keeps the hundred items shown last, of thirty days', async () => {
  const ports = memoryPorts({ now: noon })
  const many = Array.from({ length: 105 }, (_, n) => impression(n + 1, `i${n}`, n - 31 * 24 * 3600))
  const kept = Object.keys((await ingest(1, many, ports))?.shown ?? {})
  expect([kept.length, kept.includes('i4'), kept.includes('i5')]).toEqual([profileLimits.shownItems, false, true])
  const late = await ingest(200, [impression(300, 'tea')], ports)
  expect(Object.keys(late?.shown ?? {})).toEqual(['tea'])
})
