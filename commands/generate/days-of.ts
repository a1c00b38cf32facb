import { dayMs } from './calendar.ts'
import { type Change, changesByDay } from './changes-of-day.ts'
import { choices } from './choices.ts'
import { eventsByDay, type ShopEvent } from './events-of-day.ts'
import { type Order, ordersByDay } from './orders-of-day.ts'
import { type Rating, ratingsByDay } from './ratings-of-day.ts'
import type { SyntheticShop } from './synthetic-shop.ts'

export interface ShopDay {
  number: number
  startMs: number
  changes: Change[]
  orders: Order[]
  ratings: Rating[]
  /** In order of time. */
  events: ShopEvent[]
}

/**
 * The history of a shop day by day: exactly as many order lines, ratings and events as its profile says, over all days.
 * The shop is as it is on the day last given; one history a shop.
 */
export function* daysOf(shop: SyntheticShop): Generator<ShopDay> {
  const { calendar, profile, random } = shop
  const lines = calendar.spread(profile.orderLines)
  const ratings = calendar.spread(profile.ratings)
  const events = calendar.spread(profile.events)
  const [ofOrders, ofEvents] = [random('orders'), random('events')]
  const [changesOn, ratingsOn] = [changesByDay(shop, random('changes')), ratingsByDay(shop, random('ratings'))]
  const [ordersOn, eventsOn] = [ordersByDay(shop, ofOrders), eventsByDay(ofEvents)]
  const [forOrders, forEvents] = [choices(shop, ofOrders), choices(shop, ofEvents)]
  for (let number = 0; number < calendar.days; number++) {
    const startMs = calendar.firstMs + number * dayMs
    const changes = changesOn(number)
    const orders = ordersOn({ number, startMs, lines: lines[number] ?? 0, choices: forOrders(number) })
    yield {
      ...{ number, startMs, changes, orders },
      ratings: ratingsOn({ startMs, ratings: ratings[number] ?? 0, orders }),
      events: eventsOn({ startMs, events: events[number] ?? 0, orders, choices: forEvents(number) }),
    }
  }
}
