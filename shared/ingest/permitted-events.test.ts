import { expect, test } from 'vitest'
import { anEvent, deliveredFrom, eventId, noon } from '../../tests/events.ts'
import { type MemoryPorts, memoryPorts } from '../adapters/memory/ports.ts'
import { requestErasure } from '../privacy/erasure/request-erasure.ts'
import { liveTombstones, tombstonesMs } from '../privacy/tombstones/live-tombstones.ts'
import { collections } from '../schemas/collections.ts'
import { guestId, UserId } from '../schemas/ids.ts'
import { CounterWriter } from './counter-writer.ts'
import { ingestBatch } from './ingest-batch.ts'
import { ProfileWriter } from './profile-writer.ts'

const pseudonymKey = 'a key for tests only'
const tracking = (ports: MemoryPorts, userId: string, allowed: boolean) =>
  ports.documents.upsert(collections.consents, {
    ...{ id: 'consent', user_id: UserId.parse(userId), personalization: true, tracking: allowed },
    updated_at: '2026-01-01T00:00:00.000Z',
  })

function shop() {
  const ports = memoryPorts({ now: noon })
  const tombstones = liveTombstones(pseudonymKey, ports)
  let from = 0
  const ingest = (...bodies: unknown[]) => {
    const to = { profiles: new ProfileWriter(), counters: new CounterWriter({ halfLifeMs: 1000 }), tombstones }
    const events = deliveredFrom(from, bodies)
    from += bodies.length
    return ingestBatch({ partition: '0', events }, to, ports)
  }
  /** Everything that was kept of anything. */
  const kept = async () => {
    const texts: string[] = []
    for await (const { path } of ports.blobs.list(''))
      texts.push(Buffer.from((await ports.blobs.read(path)) ?? []).toString())
    for await (const page of ports.documents.query(collections.userDocuments, {})) texts.push(JSON.stringify(page))
    return texts.join('\n')
  }
  const erase = async (userId: string) => {
    await requestErasure({ userId, requestedBy: 'the shop', pseudonymKey }, ports)
    ports.advance(tombstonesMs)
  }
  return { ports, ingest, kept, erase }
}

test('what a person does who opted out of tracking is counted, and kept nowhere: not in bronze, not as a dead letter', async () => {
  const { ports, ingest, kept } = shop()
  await tracking(ports, 'canary', false)
  const summary = await ingest(
    anEvent(1, { user_id: 'canary', item_id: 'secret' }),
    { user_id: 'canary', nonsense: 'secret' },
    anEvent(2, { user_id: 'ben' }),
  )
  expect(summary).toMatchObject({ read: 3, stored: 1, rejected: 0, declined: 2, erased: 0, users: 1 })
  expect(await kept()).not.toContain('secret')
})

test('an opt-out counts from the next batch on, and may be taken back', async () => {
  const { ports, ingest } = shop()
  expect(await ingest(anEvent(1))).toMatchObject({ stored: 1, declined: 0 })
  await tracking(ports, 'anna', false)
  expect(await ingest(anEvent(2))).toMatchObject({ stored: 0, declined: 1 })
  await tracking(ports, 'anna', true)
  expect(await ingest(anEvent(3))).toMatchObject({ stored: 1, declined: 0 })
})

test('a login takes along what the visitor told, where the user never told anything', async () => {
  const { ports, ingest } = shop()
  await tracking(ports, guestId('s1'), false)
  const login = (n: number, user: string) => ({
    ...{ event_id: eventId(n), event_type: 'login', user_id: user, session_id: 's1', ts: new Date(noon).toISOString() },
    schema_version: 1,
  })
  await tracking(ports, 'ben', true)
  expect(await ingest(login(1, 'anna'), anEvent(2), login(3, 'ben'))).toMatchObject({ stored: 1, declined: 2 })
  const consent = await ports.documents.read(collections.consents, { id: 'consent', partition: 'anna' })
  expect(consent?.document).toMatchObject({ user_id: 'anna', tracking: false })
  expect(await ingest(anEvent(4))).toMatchObject({ declined: 1 })
})

test('what comes late of who was erased is counted, and kept nowhere', async () => {
  const { ingest, kept, erase } = shop()
  await erase('canary')
  const summary = await ingest(
    anEvent(1, { user_id: 'canary', item_id: 'secret' }),
    { user_id: 'canary', nonsense: 'secret' },
    anEvent(2, { user_id: 'ben' }),
  )
  expect(summary).toMatchObject({ read: 3, stored: 1, rejected: 0, erased: 2, declined: 0 })
  expect(await kept()).not.toMatch(/secret/)
})

test('an instance that is at work already knows of an erasure within two seconds', async () => {
  const { ingest, erase } = shop()
  expect(await ingest(anEvent(1))).toMatchObject({ stored: 1 })
  await erase('anna')
  expect(await ingest(anEvent(2))).toMatchObject({ erased: 1 })
})

test('who came back is taken in again, but for what was done before', async () => {
  const { ports, ingest, erase } = shop()
  await erase('anna')
  const [tombstone] = (
    await Array.fromAsync(ports.documents.query(collections.tombstones, { partition: 'tombstone' }))
  ).flat()
  if (!tombstone) throw new Error('There is no tombstone')
  const lifted_at = new Date(noon).toISOString()
  await ports.documents.upsert(collections.tombstones, { ...tombstone, lifted_at })
  const before = new Date(noon - 1000).toISOString()
  const summary = await ingest(anEvent(1, { ts: before }), anEvent(2, { ts: lifted_at }))
  expect(summary).toMatchObject({ stored: 1, erased: 1 })
})
