import { type EventType, eventTypes } from '../schemas/interaction.ts'
import type { RecentEvent } from '../schemas/profile.ts'
import type { Ask } from './source.ts'

/** An item that others are looked up for, and how much it counts. */
export interface Seed {
  itemId: string
  weight: number
  /** What the user did with it last; absent for items of the page or the cart. */
  did?: EventType
}

/** Recent items that count: each costs a point read the first time. */
const recentItemsMax = 5
/** Items of a cart that count. */
const seedsMax = 20
/** Each older item counts this much less. */
export const decay = 0.85
/** How much the last thing done with an item says about what the user wants next. */
export const interest: Readonly<Record<EventType, number>> = {
  view: 0.4,
  click: 0.5,
  add_to_cart: 0.8,
  purchase: 1,
  rating: 0.8,
  feedback: 0.8,
  impression: 0,
}

/** Items of the page or the cart; where there are none, the user's latest items that the published lists do not know of. */
export function seedsOf(ask: Ask): Seed[] {
  if (ask.seeds.length > 0) return ask.seeds.slice(0, seedsMax).map(itemId => ({ itemId, weight: 1 }))
  return latestItems(eventsSinceLists(ask)).map(({ itemId, did }, age) => ({
    ...{ itemId, did },
    weight: interest[did] * decay ** age,
  }))
}

/** What the user did after the published lists were made, oldest first: all that is recent, where there are none. */
export function eventsSinceLists({ live, user }: Pick<Ask, 'live' | 'user'>): readonly RecentEvent[] {
  const { lists, recent } = user
  return recent.filter(([, , second]) => !lists || !live || second * 1000 > live.data_until)
}

/** The last items the user had to do with, newest first, each with the last thing done. */
function latestItems(recent: readonly RecentEvent[]): { itemId: string; did: EventType }[] {
  const latest = new Map<string, EventType>()
  for (const [itemId, code] of recent.toReversed()) {
    const type = eventTypes[code]
    if (type !== undefined && !latest.has(itemId)) latest.set(itemId, type)
    if (latest.size === recentItemsMax) break
  }
  return [...latest].map(([itemId, did]) => ({ itemId, did }))
}
