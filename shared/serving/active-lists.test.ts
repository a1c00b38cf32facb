import { expect, test } from 'vitest'
import { interceptedPorts } from '../../tests/faulty-ports.ts'
import { fittedShop } from '../../tests/fitted-shop.ts'
import { listed } from '../../tests/served-shop.ts'
import { CounterWriter } from '../ingest/counter-writer.ts'
import { ingestBatch } from '../ingest/ingest-batch.ts'
import { ProfileWriter } from '../ingest/profile-writer.ts'
import type { Ports } from '../ports.ts'
import { collections } from '../schemas/collections.ts'
import { type ActiveListsMode, activeLists } from './active-lists.ts'
import { shop as servedShop } from './shop.ts'

const popularity = { halfLifeMs: 72 * 3_600_000 }

/** The checkerboard shop six hours after its first lists, with a function that takes in events and has the model. */
async function stream(mode: ActiveListsMode, around: (ports: Ports) => Ports = ports => ports) {
  const { ports } = await fittedShop()
  const shop = servedShop(ports, popularity)
  const live = await shop.live()
  if (!live) throw new Error('Nothing is published')
  shop.model(live)
  await shop.modelSettled()
  const to = {
    ...{ profiles: new ProfileWriter(), counters: new CounterWriter(popularity) },
    onProfiles: activeLists({ mode: () => mode }, { ...around(ports), shop }),
  }
  let sequence = 0
  const happens = async (...events: [userId: string, type: string, itemId: string][]) => {
    const delivered = events.map(([user_id, event_type, item_id]) => {
      ports.advance(1000)
      sequence += 1
      const ts = new Date(ports.clock()).toISOString()
      const list = { recommendation_id: 'r', position: 1, propensity: 1 }
      const body = { schema_version: 1, event_id: ports.uuid(), ts, user_id, event_type, item_id, ...list }
      return { sequenceNumber: sequence, enqueuedAt: ts, body }
    })
    const deliver = () => ingestBatch({ partition: '0', events: delivered }, to, ports)
    return { summary: await deliver(), again: deliver }
  }
  const stored = async (userId: string) =>
    (await ports.documents.read(collections.freshLists, { id: 'fresh_list', partition: userId }))?.document
  return { ports, happens, stored, generation: live.generation }
}

test('a purchase makes the user’s stored list anew, by what it says and without what was bought', async () => {
  const { ports, happens, stored, generation } = await stream('strong')
  await happens(['newcomer', 'purchase', 'i3'])
  const list = await stored('newcomer')
  expect(list).toMatchObject({ generation, as_of: Math.floor(ports.clock() / 1000), ttl: 172_800 })
  expect(
    list?.items
      .slice(0, 5)
      .map(([itemId]) => itemId)
      .sort(),
  ).toEqual(['i1', 'i11', 'i5', 'i7', 'i9'])
  expect(list?.items[0]?.[1]).toBe(1)
})

test('looks alone make one at the third since the stored list', async () => {
  const { happens, stored } = await stream('strong')
  await happens(['newcomer', 'view', 'i3'], ['newcomer', 'click', 'i5'], ['newcomer', 'impression', 'i7'])
  expect(await stored('newcomer')).toBeUndefined()
  await happens(['newcomer', 'view', 'i3'])
  const third = await stored('newcomer')
  expect(third?.items[0]?.[0]).toMatch(/^i(1|3|5|7|9|11)$/)
  await happens(['newcomer', 'view', 'i5'], ['newcomer', 'view', 'i7'])
  expect(await stored('newcomer')).toEqual(third)
})

test('the setting makes nobody’s list, or everybody’s', async () => {
  const off = await stream('off')
  await off.happens(['newcomer', 'purchase', 'i3'])
  expect(await off.stored('newcomer')).toBeUndefined()
  const all = await stream('all')
  await all.happens(['newcomer', 'view', 'i3'])
  expect(await all.stored('newcomer')).toBeDefined()
})

test('an instance that has no model yet answers with the stored list', async () => {
  const { ports, happens } = await stream('strong')
  await happens(['u0', 'purchase', 'i3'], ['u0', 'purchase', 'i5'], ['newcomer', 'purchase', 'i3'])
  const warm = servedShop(ports, popularity)
  const live = await warm.live()
  if (live) warm.model(live)
  await warm.modelSettled()
  for (const userId of ['u0', 'newcomer']) {
    const request = { userId, limit: 4, sources: ['fold_in' as const] }
    const [cold, withModel] = [await listed(request, servedShop(ports, popularity)), await listed(request, warm)]
    expect(cold.map(({ itemId }) => itemId)).toEqual(withModel.map(({ itemId }) => itemId))
    expect(cold.every(({ rung }) => rung === 'personal')).toBe(true)
  }
})

test('when lists cannot be stored the batch is taken in all the same, and once', async () => {
  const { ports, happens, stored } = await stream('strong', ports =>
    interceptedPorts(ports, (operation, name) => {
      if (name === 'documents.upsert users') throw new Error('Cosmos is away')
      return operation()
    }),
  )
  const { summary, again } = await happens(['newcomer', 'purchase', 'i3'])
  expect(summary).toMatchObject({ stored: 1, users: 1 })
  await again()
  const profile = await ports.documents.read(collections.profiles, { id: 'profile', partition: 'newcomer' })
  expect(profile?.document.recent).toHaveLength(1)
  expect(await stored('newcomer')).toBeUndefined()
  expect(ports.logged).toContainEqual({ level: 'warn', stage: 'active-lists', error: 'Error: Cosmos is away' })
})

test('a batch waits for twenty lists at most', async () => {
  const { ports, happens } = await stream('strong')
  const many = Array.from({ length: 25 }, (_, n): [string, string, string] => [`n${n}`, 'purchase', 'i3'])
  await happens(...many)
  expect(ports.logged).toContainEqual(expect.objectContaining({ stage: 'active-lists', users: 20, left: 5 }))
})
