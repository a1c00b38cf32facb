import type { Random } from '../../shared/algorithms/random.ts'
import { dayMs } from './calendar.ts'
import { drawPlace, inTwentieths, type SyntheticShop, usersOn } from './synthetic-shop.ts'

/** Something of the catalogue or of a customer that is different from that moment on. */
export type Change =
  | { entity: 'item'; op: 'insert'; item: number; atMs: number }
  | { entity: 'price'; op: 'update'; item: number; atMs: number }
  | { entity: 'stock'; op: 'update'; item: number; atMs: number; isSoldOut: boolean }
  | { entity: 'customer'; op: 'insert' | 'update'; user: number; atMs: number }

/** Each day, one item in so many gets another price, one is sold out for some days, and one customer moves. */
const [daysPerPrice, daysPerStockOut, daysPerMove] = [120, 400, 1500]
const soldOutDaysMax = 10

/** Changes day by day in order of time, made to the shop as they are told: new items and customers, prices, stock-outs, moves. */
export function changesByDay(shop: SyntheticShop, random: Random) {
  const { prices, soldOutUntil, launchDays, places, profile } = shop
  const launches = Map.groupBy(launchDays.keys(), item => launchDays[item] ?? 0)
  const back = new Map<number, number[]>()
  const arrivals = (day: number, atMs: number): Change[] => {
    const users = Array.from(
      { length: usersOn(day, shop) - usersOn(day - 1, shop) },
      (_, at) => usersOn(day - 1, shop) + at,
    )
    return [
      ...(launches.get(day) ?? []).map(item => ({ entity: 'item', op: 'insert', item, atMs }) as const),
      ...users.map(user => ({ entity: 'customer', op: 'insert', user, atMs }) as const),
    ]
  }
  const newPrice = (item: number) => inTwentieths((prices[item] ?? 1) * (0.85 + 0.35 * random()))
  return (day: number): Change[] => {
    // The first files say what the first day began with.
    if (day === 0) return []
    const atMs = shop.calendar.firstMs + day * dayMs
    const isOld = (item: number) => (launchDays[item] ?? 0) < day
    const changes = arrivals(day, atMs)
    for (const item of back.get(day) ?? [])
      changes.push({ entity: 'stock', op: 'update', item, atMs, isSoldOut: false })
    back.delete(day)
    for (const item of some(profile.items, daysPerPrice, random)) {
      if (!isOld(item)) continue
      prices[item] = newPrice(item)
      changes.push({ entity: 'price', op: 'update', item, atMs })
    }
    for (const item of some(profile.items, daysPerStockOut, random)) {
      if (!isOld(item) || (soldOutUntil[item] ?? 0) > day) continue
      const until = day + 1 + Math.floor(random() * soldOutDaysMax)
      soldOutUntil[item] = until
      back.set(until, [...(back.get(until) ?? []), item])
      changes.push({ entity: 'stock', op: 'update', item, atMs, isSoldOut: true })
    }
    for (const user of some(usersOn(day - 1, shop), daysPerMove, random)) {
      places[user] = drawPlace(random)
      changes.push({ entity: 'customer', op: 'update', user, atMs: atMs + Math.floor(random() * 86_400) * 1000 })
    }
    return changes.sort((a, b) => a.atMs - b.atMs)
  }
}

/** Each of `count` numbers with a chance of one in `days`, drawn by the gaps between them. */
function* some(count: number, days: number, random: Random): Generator<number> {
  const scale = 1 / Math.log(1 - 1 / days)
  for (let at = Math.floor(Math.log(1 - random()) * scale); at < count; ) {
    yield at
    at += 1 + Math.floor(Math.log(1 - random()) * scale)
  }
}
