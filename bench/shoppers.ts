import type { Shop } from '../local/sample/read-shop.ts'
import { uuidOf } from '../local/sample/seeded.ts'
import { seededRandom } from '../shared/algorithms/random.ts'

export interface ShopperEvent {
  schema_version: 1
  event_id: string
  user_id: string
  session_id: string
  event_type: string
  item_id: string
  ts: string
}

/** What shoppers do, out of a hundred events. */
const mix = { view: 66, click: 14, add_to_cart: 12, purchase: 5, rating: 1.5, feedback: 1.5 } as const

const openSessions = 5_000
const eventsPerSession = 8
const visitors = 100_000

/**
 * Events as a busy shop sends them, a seeded stream: 5,000 shoppers are in the shop at any moment and the next event is
 * one of theirs, so that at 1,000 events a second a shopper does something every 5 s on average, at random moments. A
 * session ends after 8 events on average (geometric) and another visitor, one of 100,000, comes in. At the start all
 * sessions are new to the app, which is dearer than the steady state. Items are drawn by what the sample shop sells.
 */
export function* sessions(shop: Shop, { seed, ts }: { seed: number; ts: () => string }): Generator<ShopperEvent> {
  const random = seededRandom(seed)
  const below = (bound: number) => Math.floor(bound * random())
  let opened = 0
  const enter = () => ({ userId: `visitor-${below(visitors)}`, sessionId: `bench-${seed}-${opened++}` })
  const inShop = Array.from({ length: openSessions }, enter)
  for (let index = 0; ; index++) {
    const place = below(openSessions)
    const { userId, sessionId } = inShop[place]!
    const itemId = shop.orders[below(shop.orders.length)]!.itemId
    yield event({ name: `sessions ${seed} ${index}`, userId, sessionId, itemId, type: drawnType(random), ts: ts() })
    if (random() < 1 / eventsPerSession) inShop[place] = enter()
  }
}

/** Every event is another user's: the first 20,000 of them are of as many users, the same ones for every seed. */
export function* strangers(shop: Shop, { seed, ts }: { seed: number; ts: () => string }): Generator<ShopperEvent> {
  const random = seededRandom(seed)
  for (let index = 0; ; index++) {
    const itemId = shop.orders[Math.floor(shop.orders.length * random())]!.itemId
    const [userId, sessionId] = [`stranger-${index}`, `bench-${seed}-${index}`]
    yield event({ name: `strangers ${seed} ${index}`, userId, sessionId, itemId, type: drawnType(random), ts: ts() })
  }
}

function event(of: {
  name: string
  userId: string
  sessionId: string
  itemId: string
  type: keyof typeof mix
  ts: string
}): ShopperEvent & { value?: number } {
  return {
    ...{ schema_version: 1, event_id: uuidOf(of.name), user_id: of.userId, session_id: of.sessionId },
    ...{ event_type: of.type, item_id: of.itemId, ts: of.ts },
    ...(of.type === 'rating' ? { value: 4 } : of.type === 'feedback' ? { value: 1 } : {}),
  }
}

function drawnType(random: () => number): keyof typeof mix {
  let left = 100 * random()
  for (const [type, share] of Object.entries(mix) as [keyof typeof mix, number][]) {
    left -= share
    if (left < 0) return type
  }
  return 'view'
}
