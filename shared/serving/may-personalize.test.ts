import { expect, test } from 'vitest'
import { answeringShop, apiOver } from '../../tests/api-by-hand.ts'
import { listed, pseudonymKey, putLists, putProfile } from '../../tests/served-shop.ts'
import type { MemoryPorts } from '../adapters/memory/ports.ts'
import { requestErasure } from '../privacy/erasure/request-erasure.ts'
import { collections } from '../schemas/collections.ts'
import { guestId, UserId } from '../schemas/ids.ts'

const told = (ports: MemoryPorts, userId: string, personalization: boolean) =>
  ports.documents.upsert(collections.consents, {
    ...{ id: 'consent', user_id: UserId.parse(userId), personalization, tracking: true },
    updated_at: '2026-01-01T00:00:00.000Z',
  })
const ids = (list: readonly { itemId: string }[]) => list.map(({ itemId }) => itemId)

test('who opted out of personal lists gets what a stranger gets, for the reasons a stranger is told', async () => {
  const { ports, shop } = await answeringShop()
  const own = await listed({ userId: 'anna' }, shop)
  const stranger = await listed({ userId: 'nobody' }, shop)
  expect(ids(own)).not.toEqual(ids(stranger))
  await told(ports, 'anna', false)
  const now = await listed({ userId: 'anna' }, shop)
  expect(now.map(({ itemId, reason, rung }) => [itemId, reason, rung])).toEqual(
    stranger.map(({ itemId, reason, rung }) => [itemId, reason, rung]),
  )
  await told(ports, 'anna', true)
  expect(ids(await listed({ userId: 'anna' }, shop))).toEqual(ids(own))
})

test('of a user and a session that are asked for together, either may opt out for both', async () => {
  const { ports, shop } = await answeringShop()
  await putProfile(ports, guestId('s1'), [['pad', 'view', -60]])
  const stranger = ids(await listed({}, shop))
  await told(ports, guestId('s1'), false)
  expect(ids(await listed({ userId: 'anna', sessionId: 's1' }, shop))).toEqual(stranger)
  expect(ids(await listed({ sessionId: 's1' }, shop))).toEqual(stranger)
  expect(ids(await listed({ userId: 'anna' }, shop))).not.toEqual(stranger)
})

test('what is shown to who opted out is not told to the hub', async () => {
  const of = await answeringShop()
  await told(of.ports, 'anna', false)
  const { call, impressions } = apiOver(of)
  const body = { sources: [{ source: 'als', weight: 1 }], log_impressions: true }
  await call('placement-set', { path: { name: 'home' }, body })
  await call('recommend-user', { path: { id: 'anna' } })
  await impressions.settled()
  expect(of.ports.appended).toEqual([])
  await call('recommend-user', { path: { id: 'ben' } })
  await impressions.settled()
  expect(of.ports.appended.length).toBeGreaterThan(0)
})

test('who was erased is a stranger, whatever is left or comes late', async () => {
  const { ports, shop } = await answeringShop()
  const stranger = ids(await listed({}, shop))
  await requestErasure({ userId: 'anna', requestedBy: 'the shop', pseudonymKey }, ports)
  ports.advance(2_000)
  await listed({ userId: 'anna' }, shop)
  await putLists(ports, 'anna', { items: { tea: 2, ink: 1 }, bought: ['cup'] })
  expect(ids(await listed({ userId: 'anna' }, shop))).toEqual(stranger)
})
