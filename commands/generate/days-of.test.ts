import { describe, expect, test } from 'vitest'
import { categories } from './categories.ts'
import { daysOf, type ShopDay } from './days-of.ts'
import { profiles } from './profiles.ts'
import { categoryOf, favouritesPerUser, type SyntheticShop, syntheticShop, usersOn } from './synthetic-shop.ts'

const shop = syntheticShop({ ...profiles.tiny, orderLines: 40_000, events: 20_000 }, 1)
const days = [...daysOf(shop)]
const orders = days.flatMap(day => day.orders)
const lines = orders.flatMap(order => order.lines)

describe('the history of a generated shop', () => {
  test('has exactly as many order lines, ratings and events as its profile says', () => {
    expect(days).toHaveLength(365)
    expect(lines).toHaveLength(40_000)
    expect(days.flatMap(day => day.ratings)).toHaveLength(1_500)
    const events = days.flatMap(day => day.events)
    expect(events.filter(({ type }) => type !== 'purchase' && type !== 'impression')).toHaveLength(20_000)
  })

  test('is the same for the same seed and another for another', () => {
    const first = (seed: number) => [...daysOf(syntheticShop(profiles.tiny, seed))].slice(0, 30)
    expect(first(7)).toEqual(first(7))
    expect(first(7)).not.toEqual(first(8))
  })

  test('has few users and items with many orders, and many with few', () => {
    const byItem = counted(lines.map(({ item }) => item))
    const byUser = counted(orders.flatMap(({ user }) => (user === undefined ? [] : [user])))
    for (const counts of [byItem, byUser]) {
      const total = counts.reduce((sum, count) => sum + count, 0)
      expect(top(counts, 0.1) / total).toBeGreaterThan(0.3)
      expect(top(counts, 0.5) / total).toBeLessThan(0.95)
    }
  })

  test('sells more before Christmas, more as it grows, and toys when toys are sold', () => {
    const sold = (of: readonly ShopDay[]) => of.flatMap(day => day.orders).flatMap(order => order.lines)
    const december = sold(days.slice(-31))
    expect(december.length).toBeGreaterThan(1.8 * sold(days.slice(0, 31)).length)
    const toys = (of: readonly { item: number }[]) =>
      of.filter(({ item }) => categories[categoryOf(item, shop.topics)]?.name === 'Toys & Games').length / of.length
    expect(toys(december)).toBeGreaterThan(1.3 * toys(sold(days.slice(150, 210))))
  })

  test('lets users prefer their own topics, so that there is something to learn', () => {
    const own = orders.flatMap(({ user, lines }) =>
      user === undefined ? [] : lines.map(({ item }) => isOwn(shop, user, item)),
    )
    const strangers = orders.flatMap(({ user, lines }) =>
      user === undefined ? [] : lines.map(({ item }) => isOwn(shop, (user + 77) % 500, item)),
    )
    const share = (of: readonly boolean[]) => of.filter(Boolean).length / of.length
    expect(share(own)).toBeGreaterThan(0.5)
    expect(share(strangers)).toBeLessThan(0.4)
  })

  test('takes nobody before they signed up, and nothing before it is on sale', () => {
    for (const { number, orders } of days) {
      for (const { user = 0, lines, status } of orders) {
        expect(user).toBeLessThan(usersOn(number, shop))
        for (const { item, quantity } of lines) {
          expect(shop.launchDays[item]).toBeLessThanOrEqual(number)
          expect(quantity < 0).toBe(status === 'returned')
        }
      }
    }
  })

  test('has events in order of time, and each purchase belongs to an order of the same user and item', () => {
    const byId = new Map(orders.map(order => [order.id, order]))
    for (const { events, startMs } of days) {
      expect(events.map(({ atMs }) => atMs)).toEqual(events.map(({ atMs }) => atMs).toSorted((a, b) => a - b))
      expect(events.every(({ atMs }) => atMs >= startMs)).toBe(true)
      for (const { type, orderId, user, item } of events) {
        if (type !== 'purchase') continue
        const order = byId.get(orderId ?? '')
        expect(order?.user).toBe(user)
        expect(order?.lines.map(line => line.item)).toContain(item)
      }
    }
  })

  test('has sessions in which several items are viewed, clicked on and put into the cart', () => {
    const events = days.flatMap(day => day.events)
    const sessions = [...Map.groupBy(events, ({ session }) => session).values()]
    const viewed = (of: typeof events) =>
      new Set(of.flatMap(({ type, item }) => (type === 'view' || type === 'click' ? [item] : []))).size
    expect(sessions.filter(of => viewed(of) >= 2).length / sessions.length).toBeGreaterThan(0.5)
    const types = new Set(events.map(({ type }) => type))
    for (const type of ['view', 'click', 'add_to_cart', 'purchase'] as const) expect(types).toContain(type)
    expect(sessions.every(of => new Set(of.map(({ user }) => user)).size === 1)).toBe(true)
  })

  test('has new items and customers, prices that change, stock that ends and comes back, customers who move', () => {
    const changes = days.flatMap(day => day.changes)
    const kinds = counted(changes.map(({ entity, op }) => `${entity} ${op}`))
    expect(kinds).toHaveLength(5)
    const stock = changes.filter(change => change.entity === 'stock')
    expect(stock.some(({ isSoldOut }) => isSoldOut) && stock.some(({ isSoldOut }) => !isSoldOut)).toBe(true)
  })
})

function counted(of: readonly (string | number)[]): number[] {
  return [...Map.groupBy(of, key => key).values()].map(keys => keys.length).sort((a, b) => b - a)
}

function top(counts: readonly number[], share: number): number {
  return counts.slice(0, Math.ceil(counts.length * share)).reduce((sum, count) => sum + count, 0)
}

function isOwn({ favourites, topics }: SyntheticShop, user: number, item: number): boolean {
  return favourites.subarray(favouritesPerUser * user, favouritesPerUser * (user + 1)).includes(item % topics)
}
