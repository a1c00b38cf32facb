import { expect, test } from 'vitest'
import { readShop } from '../local/sample/read-shop.ts'
import { PostedInteraction } from '../shared/schemas/interaction.ts'
import { type ShopperEvent, sessions, strangers } from './shoppers.ts'

const shop = await readShop()
const ts = () => '2026-01-01T00:00:00.000Z'

function take(events: Generator<ShopperEvent>, count: number): ShopperEvent[] {
  return Array.from({ length: count }, () => events.next().value)
}

test('sessions() and strangers() send what the event contract accepts, under ids of their own', () => {
  for (const draw of [sessions, strangers]) {
    const events = take(draw(shop, { seed: 1, ts }), 2000)
    for (const event of events) expect(PostedInteraction.safeParse(event).success).toBe(true)
    expect(new Set(events.map(({ event_id: id }) => id)).size).toBe(2000)
  }
})

test('sessions() of one seed are the same events, of another seed others', () => {
  expect(take(sessions(shop, { seed: 1, ts }), 50)).toEqual(take(sessions(shop, { seed: 1, ts }), 50))
  expect(take(sessions(shop, { seed: 1, ts }), 50)).not.toEqual(take(sessions(shop, { seed: 2, ts }), 50))
})

test('sessions() keep 5,000 shoppers busy who do about 8 things each, and a session is of one user', () => {
  const events = take(sessions(shop, { seed: 1, ts }), 100_000)
  const bySession = Map.groupBy(events, ({ session_id: id }) => id)
  // 5,000 at the start, and one more for every eighth event.
  expect(bySession.size).toBeGreaterThan(16_500)
  expect(bySession.size).toBeLessThan(18_500)
  for (const ofOne of bySession.values()) expect(new Set(ofOne.map(({ user_id: id }) => id)).size).toBe(1)
})

test('strangers() are another user at every event, and known ones when they come with another seed', () => {
  const users = take(strangers(shop, { seed: 1, ts }), 1000).map(({ user_id: id }) => id)
  expect(new Set(users).size).toBe(1000)
  expect(take(strangers(shop, { seed: 2, ts }), 1000).map(({ user_id: id }) => id)).toEqual(users)
})
