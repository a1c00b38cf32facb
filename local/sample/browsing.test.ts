import { beforeAll, describe, expect, test } from 'vitest'
import { browsingEvents } from './browsing.ts'
import type { InteractionEvent } from './interaction-event.ts'
import { readShop, type Shop } from './read-shop.ts'
import { shiftDates } from './shift-dates.ts'

let shop: Shop
let events: InteractionEvent[]
beforeAll(async () => {
  shop = await readShop()
  events = browsingEvents(shop.orders, shop.products)
})

describe('browsingEvents() on the sample shop', () => {
  test('gives six to eight thousand events of the last thirty days, sorted by time', () => {
    expect(events.length).toBeGreaterThan(6000)
    expect(events.length).toBeLessThan(8000)
    expect(events.every((event, position) => event.ts >= (events[position - 1]?.ts ?? ''))).toBe(true)
    expect(Date.parse(events[0]?.ts ?? '')).toBeGreaterThan(Date.parse('2011-11-09T12:50:00Z'))
    expect(events.at(-1)?.ts.localeCompare('2011-12-09T12:50:00Z')).toBe(-1)
  })

  test('marks every event as generated, in its context and its session id', () => {
    expect(events.filter(({ context }) => !context.generated)).toEqual([])
    expect(events.filter(({ session_id }) => !session_id.startsWith('generated-'))).toEqual([])
  })

  test('generates no purchases: those are the real orders', () => {
    expect(new Set(events.map(({ event_type }) => event_type))).toEqual(new Set(['view', 'click', 'add_to_cart']))
  })

  test('gives every event an id of its own, and repeats them all for the same seed', () => {
    expect(new Set(events.map(({ event_id }) => event_id)).size).toBe(events.length)
    expect(browsingEvents(shop.orders, shop.products)).toEqual(events)
    const ids = new Set(events.map(({ event_id }) => event_id))
    expect(browsingEvents(shop.orders, shop.products, { seed: 2 }).some(({ event_id }) => ids.has(event_id))).toBe(
      false,
    )
  })

  test('keeps the event ids when dates are shifted, so that a later load repeats events instead of adding some', () => {
    const shifted = shiftDates(shop, new Date('2026-11-20T12:00:00Z'))
    const later = browsingEvents(shifted.orders, shifted.products)
    expect(later.map(({ event_id }) => event_id)).toEqual(events.map(({ event_id }) => event_id))
    expect(later[0]?.ts).not.toBe(events[0]?.ts)
  })

  test('puts a view before each add to cart of the same item in the same session', () => {
    const bySession = Map.groupBy(events, event => event.session_id)
    const unviewed = [...bySession.values()].flatMap(session =>
      session.filter(
        ({ event_type, product_id }, position) =>
          event_type === 'add_to_cart' &&
          !session.slice(0, position).some(event => event.event_type === 'view' && event.product_id === product_id),
      ),
    )
    expect(unviewed).toEqual([])
  })

  test('lets most events lead to an order of that customer and item, and others end without', () => {
    const bought = new Set(shop.orders.map(line => `${line.customerId} ${line.itemId}`))
    const share = events.filter(event => bought.has(`${event.user_id} ${event.product_id}`)).length / events.length
    expect(share).toBeGreaterThan(0.6)
    expect(share).toBeLessThan(0.95)
  })

  test('reaches a limit by leaving out whole sessions', () => {
    const some = browsingEvents(shop.orders, shop.products, { limit: 500 })
    expect(some.length).toBeLessThanOrEqual(500)
    expect(some.length).toBeGreaterThan(450)
    const sizes = Map.groupBy(events, event => event.session_id)
    for (const [id, session] of Map.groupBy(some, event => event.session_id)) {
      expect(session).toEqual(sizes.get(id))
    }
  })
})

describe('browsingEvents()', () => {
  test('views without a purchase stay in the department of what was bought', () => {
    const categoryOf = new Map(shop.products.map(({ itemId, category }) => [itemId, category]))
    const order = shop.orders.filter(({ orderId }) => orderId === shop.orders.at(-1)?.orderId)
    const neighbours = shop.orders.slice(-500)
    const departments = new Set(order.map(({ itemId }) => categoryOf.get(itemId)))
    const own = browsingEvents(neighbours, shop.products).filter(({ user_id }) => user_id === order[0]?.customerId)
    expect(own.length).toBeGreaterThan(0)
    expect(own.filter(({ product_id }) => !departments.has(categoryOf.get(product_id)))).toEqual([])
  })

  test('gives nothing for no orders, and nothing for items that are not in the catalogue', () => {
    expect(browsingEvents([], shop.products)).toEqual([])
    expect(browsingEvents(shop.orders, [])).toEqual([])
  })
})
