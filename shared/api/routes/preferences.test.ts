import { expect, test } from 'vitest'
import { apiOver } from '../../../tests/api-by-hand.ts'
import { shopByHand } from '../../../tests/served-shop.ts'

const anna = { path: { id: 'anna' } }
const nothing = { categories: [], brands: [], tags: [] }

async function api() {
  const of = await shopByHand()
  return { ...of, ...apiOver(of) }
}

test('what a user likes is stored as told, read back, seen by lists, and told anew as a whole', async () => {
  const { call, ports, shop } = await api()
  expect((await call('preferences', anna)).checked()).toEqual({ ...nothing, user_id: 'anna', updated_at: null })
  const likes = { categories: ['Kitchen'], brands: [' Tefal '], price_max: 50 }
  const stored = { ...nothing, ...likes, brands: ['Tefal'], user_id: 'anna', updated_at: '2026-01-01T01:00:00.000Z' }
  const told = await call('preferences-set', { ...anna, body: likes })
  expect([told.status, told.checked()]).toEqual([200, stored])
  expect((await call('preferences', anna)).checked()).toEqual(stored)
  expect(await shop.preferences('anna')).toEqual({ ...stored, id: 'preferences' })
  ports.advance(1000)
  await call('preferences-set', { ...anna, body: { tags: ['new'] } })
  expect((await call('preferences', anna)).json).toMatchObject({ categories: [], tags: ['new'] })
})

test('a visitor’s preferences go away like the visitor', async () => {
  const { call, ports } = await api()
  const visitor = { path: { id: 'session:s1' } }
  await call('preferences-set', { ...visitor, body: { categories: ['Kitchen'] } })
  expect((await call('preferences', visitor)).json).toMatchObject({ categories: ['Kitchen'] })
  ports.advance(30 * 24 * 3_600_000)
  expect((await call('preferences', visitor)).json).toMatchObject({ categories: [], updated_at: null })
})

test.each<[body: unknown, field: string]>([
  [{ categories: 'Kitchen' }, 'categories'],
  [{ categories: ['Kitchen', ' '] }, 'categories[1]'],
  [{ price_min: -1 }, 'price_min'],
  [{ price_min: 9, price_max: 5 }, 'price_max'],
  [{ colour: 'red' }, 'colour'],
])('%j is refused, and nothing is stored', async (body, field) => {
  const { call } = await api()
  const { status, json } = await call('preferences-set', { ...anna, body })
  expect(status).toBe(400)
  expect(json).toMatchObject({ code: 'invalid_body', errors: [{ field }] })
  expect((await call('preferences', anna)).json).toMatchObject({ updated_at: null })
})
