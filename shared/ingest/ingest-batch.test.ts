import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { counted } from '../../tests/counted.ts'
import { anEvent, deliveredFrom, eventId, noon } from '../../tests/events.ts'
import { faultyPorts, WorkerStruck } from '../../tests/faulty-ports.ts'
import { type MemoryPorts, memoryPorts } from '../adapters/memory/ports.ts'
import { decayedValue } from '../algorithms/popularity.ts'
import type { Ports } from '../ports.ts'
import { collections } from '../schemas/collections.ts'
import { CounterWriter } from './counter-writer.ts'
import type { Delivered } from './delivered.ts'
import { ingestBatch } from './ingest-batch.ts'
import { ProfileWriter } from './profile-writer.ts'

const popularity = { halfLifeMs: 3_600_000 }

/** Takes in a batch of partition 0 as a worker that was just started. */
const ingest = (events: readonly Delivered[], ports: Ports) =>
  ingestBatch(
    { partition: '0', events },
    { profiles: new ProfileWriter(), counters: new CounterWriter(popularity) },
    ports,
  )

const profileOf = async (userId: string, { documents }: Ports) =>
  (await documents.read(collections.profiles, { id: 'profile', partition: userId }))?.document
const countersOf = (partition: string, { documents }: Ports) => counted(partition, popularity, documents)

/** The lines of every file below a folder, by path. */
async function files(folder: string, { blobs }: Ports): Promise<Record<string, Record<string, unknown>[]>> {
  const found: Record<string, Record<string, unknown>[]> = {}
  for await (const { path } of blobs.list(folder)) {
    const lines = new TextDecoder().decode(await blobs.read(path)).split('\n')
    found[path] = lines.filter(Boolean).map(line => JSON.parse(line))
  }
  return found
}

/** All that a batch leaves behind, without the moment of writing. */
async function effects(ports: Ports) {
  const bronze = Object.values(await files('bronze/', ports)).flat()
  return {
    anna: await profileOf('anna', ports),
    ben: await profileOf('ben', ports),
    counters: worthAtNoon(await countersOf('0', ports)),
    // What overlaps is dropped when segments are folded.
    bronze: [...new Set(bronze.map(line => line._sequence_number))],
  }
}

const batch = deliveredFrom(41, [
  anEvent(1),
  anEvent(2, { user_id: 'ben', event_type: 'purchase', item_id: 'ink' }),
  anEvent(3, { event_type: 'purchase', item_id: 'ink' }),
  anEvent(4, { event_type: 'add_to_cart', item_id: 'cup' }),
])
const onceTaken = async (events: readonly Delivered[]) => {
  const ports = memoryPorts({ now: noon })
  await ingest(events, ports)
  return effects(ports)
}

describe('bronze', () => {
  test('waits as segments: the events as they came, in a file named by partition and sequence numbers', async () => {
    const ports = memoryPorts({ now: noon })
    await ingest(batch, ports)
    const bronze = await files('bronze/', ports)
    expect(Object.keys(bronze)).toEqual([
      'bronze/_segments/interactions/date=2026-01-01/0-000000000041-000000000044.ndjson',
    ])
    const [lines = []] = Object.values(bronze)
    expect(lines.map(({ event }) => event)).toEqual(batch.map(({ body }) => body))
    expect(lines[1]).toMatchObject({
      ...{ _partition: '0', _sequence_number: 42, _batch_id: '0-41', _enqueued_at: '2026-01-01T12:01:00.000Z' },
    })
  })

  test('keeps what is not in the contract', async () => {
    const ports = memoryPorts()
    await ingest(deliveredFrom(1, [anEvent(1, { campaign: 'spring', context: { device: 'phone', screen: 5 } })]), ports)
    const [[line] = []] = Object.values(await files('bronze/', ports))
    expect(line?.event).toMatchObject({ campaign: 'spring', context: { device: 'phone', screen: 5 } })
  })
})

describe('a batch delivered again', () => {
  test('changes nothing', async () => {
    const ports = memoryPorts({ now: noon })
    await ingest(batch, ports)
    await ingest(batch, ports)
    expect(await effects(ports)).toEqual(await onceTaken(batch))
  })

  test('with more events behind it adds those alone', async () => {
    const ports = memoryPorts({ now: noon })
    await ingest(batch.slice(0, 2), ports)
    await ingest(batch, ports)
    expect(await effects(ports)).toEqual(await onceTaken(batch))
  })

  test('in smaller pieces changes nothing but the cut of the files', async () => {
    const ports = memoryPorts({ now: noon })
    await ingest(batch, ports)
    await ingest(batch.slice(0, 2), ports)
    await ingest(batch.slice(2), ports)
    expect(await effects(ports)).toEqual(await onceTaken(batch))
  })

  test('to two workers at the same moment has one effect', async () => {
    const ports = memoryPorts({ now: noon })
    await Promise.all([ingest(batch, ports), ingest(batch.slice(0, 3), ports), ingest(batch, ports)])
    expect(await effects(ports)).toEqual(await onceTaken(batch))
  })

  test('after a worker died at any one operation leaves what one delivery leaves', async () => {
    const undisturbed = await onceTaken(batch)
    // Bronze, a read and a write of the profiles, two reads and a write of the counters.
    for (const loses of ['effect', 'answer'] as const) {
      for (let at = 1; at <= 6; at++) {
        const ports = memoryPorts({ now: noon })
        const mortal = faultyPorts(ports, { at, loses, worker: 'dead' })
        await expect(ingest(batch, mortal.ports)).rejects.toThrow(WorkerStruck)
        await ingest(batch, ports)
        expect(await effects(ports), `struck at ${at}`).toEqual(undisturbed)
      }
    }
  })
})

describe('bad events', () => {
  const bad = [
    anEvent(1, { item_id: undefined }),
    anEvent(2, { event_type: 'stare' }),
    'not an event',
    anEvent(3, { event_type: 'rating', value: 9 }),
    anEvent(4, {}, 60 + 24 * 3600 + 1),
  ]

  test('go to the dead letter with field, value and reason, and the good ones beside them are stored', async () => {
    const ports = memoryPorts({ now: noon })
    const summary = await ingest(deliveredFrom(7, [anEvent(9), ...bad]), ports)
    expect(summary).toMatchObject({ partition: '0', read: 6, stored: 1, rejected: 5, users: 1 })
    expect(ports.logged.at(-1)).toMatchObject({ level: 'info', stage: 'ingest', read: 6, stored: 1, rejected: 5 })
    const letters = await files('dead-letter/', ports)
    expect(Object.keys(letters)).toEqual(['dead-letter/interactions/date=2026-01-01/0-000000000008.ndjson'])
    const [lines = []] = Object.values(letters)
    expect(lines.map(({ sequence_number, reasons }) => [sequence_number, ...firstOf(reasons)])).toEqual([
      [8, 'item_id', null, 'is missing: must be 1 to 128 characters without / \\ ? # or control characters'],
      [
        9,
        'event_type',
        'stare',
        'must be one of view, click, add_to_cart, purchase, rating, feedback, impression, login',
      ],
      [10, '(body)', 'not an event', 'Invalid input: expected object, received string'],
      [11, 'value', 9, 'must be a number from 1 to 5 for a rating'],
      [12, 'ts', '2026-01-02T12:01:01.000Z', 'must not lie more than a day in the future'],
    ])
    expect(lines[1]).toMatchObject({ partition: '0', body: bad[1] })
  })

  test('go there too where no file could hold them: half characters and what is nested without end', async () => {
    const ports = memoryPorts({ now: noon })
    let deep: unknown = 'bottom'
    for (let level = 0; level < 50_000; level++) deep = [deep]
    const sent = [
      anEvent(1, { note: 'caf\ud83d' }),
      anEvent(2, { note: deep }),
      anEvent(3, { item_id: '\udc00' }),
      anEvent(4),
    ]
    expect(await ingest(deliveredFrom(7, sent), ports)).toMatchObject({ stored: 1, rejected: 3 })
    const [lines = []] = Object.values(await files('dead-letter/', ports))
    expect(lines.map(({ reasons }) => firstOf(reasons))).toEqual([
      ['note', 'caf\ufffd', 'must be whole characters: half of a pair stands alone'],
      [`note${'[0]'.repeat(31)}`, null, 'must be at most 32 levels deep'],
      ['item_id', '\ufffd', 'must be whole characters: half of a pair stands alone'],
    ])
    expect(lines[0]?.body).toMatchObject({ event_id: eventId(1), note: 'caf\ufffd' })
  })

  test('never get in the way, whatever they are: what is read is stored or rejected', async () => {
    const field = fc.constantFrom('schema_version', 'event_id', 'user_id', 'event_type', 'item_id', 'ts', 'value')
    const spoiled = fc
      .tuple(fc.nat(), field, fc.jsonValue())
      .map(([number, name, value]) => anEvent(number % 1000, { [name]: value }))
    const anything = fc.oneof(
      fc.jsonValue(),
      spoiled,
      fc.nat(1000).map(number => anEvent(number)),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(anything, { maxLength: 12 }), async bodies => {
        const ports = memoryPorts({ now: noon })
        const { read, stored, rejected } = await ingest(deliveredFrom(100, bodies), ports)
        expect([read, stored + rejected]).toEqual([bodies.length, bodies.length])
        const bronze = Object.values(await files('bronze/', ports)).flat()
        const letters = Object.values(await files('dead-letter/', ports)).flat()
        expect([bronze.length, letters.length]).toEqual([stored, rejected])
        const kept = [...bronze.map(line => [line._sequence_number, line.event]), ...letters.map(bodyOf)]
        expect(kept.sort(bySequence)).toEqual(
          JSON.parse(JSON.stringify(bodies.map((body, index) => [100 + index, body]))),
        )
      }),
      { numRuns: 150, examples: [[[anEvent(0, { schema_version: { prototype: false } })]]] },
    )
  })
})

test('an event its sender sent twice is kept twice in bronze and counts once', async () => {
  const ports: MemoryPorts = memoryPorts({ now: noon })
  const sentTwice = anEvent(1, { event_type: 'purchase' })
  await ingest(deliveredFrom(1, [sentTwice, anEvent(2, { item_id: 'cup' }), sentTwice]), ports)
  await ingest(deliveredFrom(4, [sentTwice]), ports)
  const { anna, counters, bronze } = await effects(ports)
  expect(bronze).toEqual([1, 2, 3, 4])
  expect(anna?.recent.map(([itemId]) => itemId)).toEqual(['pen', 'cup'])
  expect(counters).toMatchObject({ applied: 4, values: { pen: '10.00', cup: '1.00' } })
  expect(eventId(1)).toBe(sentTwice.event_id)
})

/** Values as of one moment, to a hundredth: batches of another cut refer them to another moment. */
function worthAtNoon(counters: Awaited<ReturnType<typeof countersOf>>) {
  const { applied, at, values } = counters
  const worth = ([itemId, value]: [string, number]) =>
    [itemId, decayedValue({ value, at }, noon, popularity.halfLifeMs).toFixed(2)] as const
  return { applied, values: Object.fromEntries(Object.entries(values).map(worth)) }
}

test('an impression is kept in bronze and noted as shown, and is no interest of the user’s', async () => {
  const ports = memoryPorts({ now: noon })
  const list = { recommendation_id: 'r1', position: 1 }
  const shown = anEvent(1, { event_type: 'impression', ...list, propensity: 0.5 })
  const clicked = anEvent(2, { event_type: 'click', item_id: 'cup', ...list })
  expect(await ingest(deliveredFrom(1, [shown]), ports)).toMatchObject({ stored: 1, rejected: 0, users: 1 })
  expect(await effects(ports)).toMatchObject({ anna: { recent: [] }, counters: { values: {} }, bronze: [1] })
  await ingest(deliveredFrom(2, [clicked]), ports)
  const { anna, counters, bronze } = await effects(ports)
  expect(anna?.recent.map(([itemId]) => itemId)).toEqual(['cup'])
  expect(anna?.shown).toEqual({ pen: [1, noon / 1000 + 1] })
  expect(counters).toMatchObject({ values: { cup: '1.00' } })
  expect(bronze).toEqual([1, 2])
})

test('a visitor’s events count like any other’s, and make a profile that goes away', async () => {
  const ports = memoryPorts({ now: noon })
  const { user_id: _, ...unnamed } = anEvent(1, { session_id: 's1' })
  expect(await ingest(deliveredFrom(1, [unnamed]), ports)).toMatchObject({ stored: 1, users: 1 })
  const visitor = await profileOf('session:s1', ports)
  expect(visitor).toMatchObject({ user_id: 'session:s1', ttl: 30 * 24 * 3600 })
  expect((await countersOf('0', ports)).values).toEqual({ pen: 1 })
  ports.advance(30 * 24 * 3600 * 1000 - 1)
  expect(await profileOf('session:s1', ports)).toEqual(visitor)
  ports.advance(1)
  expect(await profileOf('session:s1', ports)).toBeUndefined()
})

test('an impression without its list, place or probability goes to the dead letter', async () => {
  const ports = memoryPorts({ now: noon })
  const shown = { event_type: 'impression', recommendation_id: 'r1', position: 1, propensity: 0.5 }
  const bare = ['recommendation_id', 'position', 'propensity'].map(field =>
    anEvent(1, { ...shown, [field]: undefined }),
  )
  const summary = await ingest(deliveredFrom(1, [...bare, anEvent(2, { ...shown, position: 0 })]), ports)
  expect(summary).toMatchObject({ stored: 0, rejected: 4 })
  const [lines = []] = Object.values(await files('dead-letter/', ports))
  expect(lines.map(({ reasons }) => firstOf(reasons)[0])).toEqual([
    ...['recommendation_id', 'position', 'propensity', 'position'],
  ])
})

function firstOf(reasons: unknown): unknown[] {
  const [first] = Array.isArray(reasons) ? reasons : []
  return [first?.field, first?.value, first?.reason]
}
const bodyOf = (line: Record<string, unknown>) => [line.sequence_number, line.body]
const bySequence = ([a]: unknown[], [b]: unknown[]) => Number(a) - Number(b)
