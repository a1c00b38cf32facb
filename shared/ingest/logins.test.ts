import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { anEvent, deliveredFrom, noon } from '../../tests/events.ts'
import { faultyPorts, WorkerStruck } from '../../tests/faulty-ports.ts'
import { type MemoryPorts, memoryPorts } from '../adapters/memory/ports.ts'
import type { Ports } from '../ports.ts'
import { collections } from '../schemas/collections.ts'
import { CounterWriter } from './counter-writer.ts'
import { ingestBatch } from './ingest-batch.ts'
import { ProfileWriter } from './profile-writer.ts'

type Sent = Record<string, unknown>
const visitor = (number: number, fields: Sent = {}, second = number) =>
  anEvent(number, { user_id: undefined, session_id: 's1', ...fields }, second)
const login = (number: number, fields: Sent = {}) =>
  anEvent(number, { event_type: 'login', session_id: 's1', item_id: undefined, ...fields })
const thumb = (value: number) => ({ event_type: 'feedback', value })

/** Two workers, as the session and the user may be in different partitions. */
const workers = () => ({
  '0': { profiles: new ProfileWriter(), counters: new CounterWriter({ halfLifeMs: 3_600_000 }) },
  '1': { profiles: new ProfileWriter(), counters: new CounterWriter({ halfLifeMs: 3_600_000 }) },
})
type Delivery = { partition: '0' | '1'; from: number; bodies: readonly Sent[] }

const take = ({ partition, from, bodies }: Delivery, ports: Ports, by = workers()) =>
  ingestBatch({ partition, events: deliveredFrom(from, bodies) }, by[partition], ports)
const toVisitor = (from: number, ...bodies: Sent[]): Delivery => ({ partition: '0', from, bodies })
const toAnna = (from: number, ...bodies: Sent[]): Delivery => ({ partition: '1', from, bodies })

async function profileOf(userId: string, { documents }: Ports) {
  return (await documents.read(collections.profiles, { id: 'profile', partition: userId }))?.document
}
/** What a list is made of, without how far partitions have come. */
async function known(ports: Ports, userId = 'anna') {
  const { recent = [], bought = [], disliked = [], shown } = (await profileOf(userId, ports)) ?? {}
  const items = recent.map(([itemId]) => itemId)
  return { items, bought: bought.toSorted(), disliked: disliked.toSorted(), shown }
}

async function shopAfter(deliveries: readonly Delivery[], ports: MemoryPorts = memoryPorts({ now: noon })) {
  const by = workers()
  for (const delivery of deliveries) await take(delivery, ports, by)
  return ports
}

const asVisitor = toVisitor(
  1,
  visitor(1, { item_id: 'pen' }),
  visitor(2, { item_id: 'ink', event_type: 'purchase' }),
  visitor(3, { item_id: 'tea', ...thumb(-1) }),
)
const late = toVisitor(4, visitor(6, { item_id: 'cup' }), visitor(7, { item_id: 'jug', event_type: 'purchase' }))
const asAnna = toAnna(1, anEvent(4, { item_id: 'mat' }))
const merged = {
  ...{ items: ['pen', 'ink', 'tea', 'mat', 'cup', 'jug'], bought: ['ink', 'jug'], disliked: ['tea'], shown: undefined },
}

describe('a visitor who logs in', () => {
  test('brings recent events by time, what was bought and what was disliked', async () => {
    const ports = await shopAfter([asVisitor, asAnna, toAnna(2, login(5)), late])
    expect(await known(ports)).toEqual(merged)
    expect(await profileOf('session:s1', ports)).toMatchObject({ merged_into: 'anna' })
  })

  test('gives the same profile whatever order the two partitions are read in', async () => {
    const ofAnna = toAnna(1, anEvent(4, { item_id: 'mat' }), login(5))
    for (const order of [
      [asVisitor, late, ofAnna],
      [ofAnna, asVisitor, late],
      [asVisitor, ofAnna, late],
    ]) {
      expect(await known(await shopAfter(order))).toEqual(merged)
    }
  })

  test('brings nothing twice, whatever is delivered again', async () => {
    const once = [asVisitor, asAnna, toAnna(2, login(5)), late]
    const ports = await shopAfter([...once, ...once, toAnna(3, login(8)), late])
    expect(await known(ports)).toEqual(merged)
    const etag = async () =>
      (await ports.documents.read(collections.profiles, { id: 'profile', partition: 'anna' }))?.etag
    const before = await etag()
    await shopAfter([late, toAnna(3, login(8))], ports)
    expect(await etag()).toBe(before)
  })

  test('may share a partition with the session, and a batch', async () => {
    const [first, second, third] = asVisitor.bodies
    const bodies = [first, second, third, ...asAnna.bodies, login(5), ...late.bodies].filter(body => body !== undefined)
    expect(await known(await shopAfter([toAnna(1, ...bodies)]))).toEqual(merged)
  })

  test('keeps what the user said last of an item: an old thumb of the session does not come back', async () => {
    const up = toAnna(3, anEvent(8, { item_id: 'tea', ...thumb(1) }))
    const ports = await shopAfter([asVisitor, asAnna, toAnna(2, login(5)), up, late, toAnna(4, login(9))])
    expect(await known(ports)).toMatchObject({ disliked: [] })
  })

  test('brings what was shown, but for what somebody did something with since', async () => {
    const list = { event_type: 'impression', recommendation_id: 'r', position: 1, propensity: 1 }
    const shown = toVisitor(1, visitor(1, { ...list, item_id: 'pen' }), visitor(2, { ...list, item_id: 'cup' }))
    const ports = await shopAfter([shown, toAnna(1, anEvent(3, { item_id: 'cup' }), login(4))])
    expect((await known(ports)).shown).toEqual({ pen: [1, noon / 1000 + 1] })
  })

  test('keeps the session: who logs in to it later gets nothing of it', async () => {
    const ports = await shopAfter([asVisitor, toAnna(1, login(5)), toAnna(2, login(6, { user_id: 'ben' })), late])
    expect((await known(ports)).items).toEqual(['pen', 'ink', 'tea', 'cup', 'jug'])
    expect((await known(ports, 'ben')).items).toEqual([])
  })
})

describe('a worker that dies', () => {
  const steps = [asVisitor, toAnna(1, anEvent(4, { item_id: 'mat' }), login(5)), late]

  test('at any operation of any delivery loses nothing and does nothing twice', async () => {
    for (const [struck, delivery] of steps.entries()) {
      for (const loses of ['effect', 'answer'] as const) {
        let at = 1
        for (; ; at++) {
          const ports = await shopAfter(steps.slice(0, struck))
          const mortal = faultyPorts(ports, { at, loses, worker: 'dead' })
          const died = await take(delivery, mortal.ports).then(
            () => false,
            cause => {
              if (!(cause instanceof WorkerStruck)) throw cause
              return true
            },
          )
          await shopAfter(steps.slice(struck), ports)
          expect(await known(ports), `delivery ${struck}, operation ${at}, ${loses}`).toEqual(merged)
          if (!died) break
        }
        expect(at).toBeGreaterThan(5)
      }
    }
  })

  test('between the session’s mark and the user’s profile, with the session going on meanwhile, loses nothing', async () => {
    const [, loggedIn] = steps
    if (!loggedIn) throw new Error('There is no login')
    for (let at = 1; at <= 8; at++) {
      const ports = await shopAfter([asVisitor])
      await take(loggedIn, faultyPorts(ports, { at, loses: 'answer', worker: 'dead' }).ports).catch(() => undefined)
      await shopAfter([late, loggedIn], ports)
      expect(await known(ports), `operation ${at}`).toEqual(merged)
    }
  })
})

test('two workers at the same moment, in any interleaving, give what one after the other gives', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), async scheduler => {
      const ports = memoryPorts({ now: noon })
      const slow: Ports = { ...ports, documents: scheduled(ports, scheduler) }
      const ofAnna = toAnna(1, anEvent(4, { item_id: 'mat' }), login(5))
      const all = Promise.all([
        take(asVisitor, slow).then(() => take(late, slow)),
        take(ofAnna, slow).then(() => take(ofAnna, slow)),
      ])
      await scheduler.waitFor(all)
      expect(await known(ports)).toEqual(merged)
    }),
    { numRuns: 60 },
  )
})

/** Documents whose reads and writes are done in the order the scheduler chooses. */
function scheduled({ documents }: Ports, scheduler: fc.Scheduler): Ports['documents'] {
  const { readAll, writeAll, read, create, replace } = documents
  const inTurn = scheduler.scheduleFunction(async (operation: () => Promise<unknown>) => operation())
  const after = async <T>(operation: () => Promise<T>): Promise<T> => {
    await inTurn(async () => undefined)
    return operation()
  }
  const slow: Ports['documents'] = Object.assign(Object.create(documents), {
    metered: () => slow,
    readAll: (...of: Parameters<typeof readAll>) => after(() => documents.readAll(...of)),
    writeAll: (...of: Parameters<typeof writeAll>) => after(() => documents.writeAll(...of)),
    read: (...of: Parameters<typeof read>) => after(() => documents.read(...of)),
    create: (...of: Parameters<typeof create>) => after(() => documents.create(...of)),
    replace: (...of: Parameters<typeof replace>) => after(() => documents.replace(...of)),
  })
  return slow
}
