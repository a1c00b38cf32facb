import { gaussian, type Random } from '../../shared/algorithms/random.ts'
import { timeOfDay } from './calendar.ts'
import type { Order } from './orders-of-day.ts'
import { favouritesPerUser, type SyntheticShop } from './synthetic-shop.ts'

export interface Rating {
  user: number
  item: number
  /** 1 to 5. */
  rating: number
  atMs: number
}

/** Purchases that wait to be rated. */
const recentMax = 20_000

/** Ratings day by day, of what was bought lately: by how good the item is and whether its topic is the user's own. */
export function ratingsByDay(shop: SyntheticShop, random: Random) {
  const recent: { user: number; item: number }[] = []
  let bought = 0
  return (day: { startMs: number; ratings: number; orders: readonly Order[] }): Rating[] => {
    for (const { user, lines } of day.orders) {
      if (user === undefined) continue
      for (const { item } of lines) recent[bought++ % recentMax] = { user, item }
    }
    return Array.from({ length: day.ratings }, () => {
      const { user, item } = recent[Math.floor(random() * recent.length)] ?? { user: 0, item: 0 }
      const first = favouritesPerUser * user
      const isOwn = shop.favourites.subarray(first, first + favouritesPerUser).includes(item % shop.topics)
      const liked = (shop.quality[item] ?? 3) + (isOwn ? 0.5 : -0.5) + 0.7 * gaussian(random)
      const rating = Math.min(5, Math.max(1, Math.round(liked)))
      return { user, item, rating, atMs: day.startMs + timeOfDay(random) }
    })
  }
}
