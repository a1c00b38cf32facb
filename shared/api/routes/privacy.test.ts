import { describe, expect, test } from 'vitest'
import { anErasure, answeringShop, apiOver } from '../../../tests/api-by-hand.ts'
import { collections } from '../../schemas/collections.ts'
import { guestId } from '../../schemas/ids.ts'
import { guestSeconds } from '../../schemas/profile.ts'
import type { Caller } from '../caller.ts'

const anna = { path: { id: 'anna' } }
const only = (role: 'reader' | 'writer' | 'admin' | 'privacy'): Caller => ({
  ...{ kind: 'service', id: 'one', name: 'One' },
  roles: new Set([role]),
})
const shopper: Caller = { kind: 'shopper', userId: 'anna' }

describe('consent', () => {
  test('is allowed until a user tells otherwise, and is then what was told last', async () => {
    const { call } = apiOver(await answeringShop())
    expect((await call('consent', anna)).json).toEqual({
      ...{ user_id: 'anna', personalization: true, tracking: true, updated_at: null },
    })
    const told = await call('consent-set', { ...anna, body: { personalization: false, tracking: false } })
    expect(told.json).toMatchObject({ user_id: 'anna', personalization: false, tracking: false })
    expect((await call('consent', anna)).json).toEqual(told.json)
  })

  test.each([
    {},
    { personalization: 'no', tracking: true },
    { personalization: true },
    { personalization: true, tracking: true, ads: true },
  ])('%j is refused: both have to be told', async body => {
    const { call } = apiOver(await answeringShop())
    expect((await call('consent-set', { ...anna, body })).status).toBe(400)
  })

  test('of a visitor is kept as long as what is known of the visitor', async () => {
    const { ports, shop } = await answeringShop()
    const visitor = guestId('s1')
    const body = { personalization: false, tracking: true }
    await apiOver({ ports, shop }).call('consent-set', { path: { id: visitor }, body })
    const stored = await ports.documents.read(collections.consents, { id: 'consent', partition: visitor })
    expect(stored?.document.ttl).toBe(guestSeconds)
  })

  test('is the shopper’s own to tell, and nobody else’s', async () => {
    const { call } = apiOver(await answeringShop())
    const body = { personalization: true, tracking: true }
    expect((await call('consent-set', { ...anna, body, caller: shopper })).status).toBe(200)
    expect((await call('consent-set', { path: { id: 'ben' }, body, caller: shopper })).status).toBe(403)
    expect((await call('consent', { path: { id: 'ben' }, caller: shopper })).status).toBe(403)
  })
})

const bodies: Record<string, unknown> = {
  'consent-set': { personalization: true, tracking: true },
  'preferences-set': { categories: ['Kitchen'] },
  'user-set': { country: 'Spain' },
}

describe('who was erased', () => {
  test.each(['consent-set', 'preferences-set', 'user-set'])(
    'can have nothing kept by %s, until the tombstone is lifted',
    async name => {
      const of = await answeringShop()
      const { call } = apiOver(of)
      const body = bodies[name]
      const gone = { path: { id: 'gone' }, body }
      expect(await call(name, gone)).toMatchObject({ status: 404, json: { code: 'unknown_user' } })
      expect((await call('tombstone-lift', { path: { id: 'gone' } })).json).toMatchObject({ user_id: 'gone' })
      of.ports.advance(5_000)
      await call(name, gone)
      expect((await call(name, gone)).status).toBeLessThan(300)
      expect((await call('tombstone-lift', { path: { id: 'gone' } })).status).toBe(404)
    },
  )
})

describe('an erasure', () => {
  test('is asked for by the role privacy alone: not even by the person', async () => {
    const { call } = apiOver(await answeringShop())
    const body = { user_id: 'anna' }
    for (const caller of [only('admin'), only('writer'), shopper]) {
      expect((await call('erasure-request', { body, caller })).status).toBe(403)
      expect((await call('erasures', { caller })).status).toBe(403)
      expect((await call('erasure', { path: { id: anErasure }, caller })).status).toBe(403)
    }
    expect((await call('erasure-request', { body, caller: only('privacy') })).status).toBe(202)
  })

  test('names its job, tells nobody’s id, and asked again it is the same', async () => {
    const { call } = apiOver(await answeringShop())
    const first = await call('erasure-request', { body: { user_id: 'anna' }, caller: only('privacy') })
    expect(first.json).toMatchObject({
      status: 'waiting',
      requested_by: 'one',
      job: expect.stringMatching(/^erasure-/),
    })
    const { erasure } = first.json as { erasure: string }
    expect((await call('erasure-request', { body: { user_id: 'anna' } })).json).toMatchObject({ erasure })
    const list = await call('erasures')
    expect(list.json).toMatchObject({ items: [{ erasure }, { erasure: anErasure }] })
    expect(JSON.stringify([first.json, list.json])).not.toContain('anna')
    expect((await call('tombstone-lift', anna)).status).toBe(409)
  })
})

test('an export is for the role privacy and for the person', async () => {
  const { call } = apiOver(await answeringShop())
  expect((await call('person-export', { ...anna, caller: shopper })).status).toBe(200)
  expect((await call('person-export', { ...anna, caller: only('privacy') })).status).toBe(200)
  for (const caller of [only('admin'), only('reader')]) {
    expect((await call('person-export', { ...anna, caller })).status).toBe(403)
  }
  expect((await call('person-export', { path: { id: 'ben' }, caller: shopper })).status).toBe(403)
})
