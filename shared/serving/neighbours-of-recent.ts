import { type EventType, eventTypes } from '../schemas/interaction.ts'
import type { RecentEvent } from '../schemas/profile.ts'
import type { ItemNeighboursValue } from '../schemas/published.ts'
import type { Candidate } from './candidate.ts'
import type { Shop } from './shop.ts'

/** Recent items whose neighbours are asked for: each costs a point read the first time. */
const itemsMax = 5
/** Each older item counts this much less. */
const decay = 0.85
/** How much the last thing done with an item says about what the user wants next. */
const interest: Readonly<Record<EventType, number>> = {
  view: 0.4,
  click: 0.5,
  add_to_cart: 0.8,
  purchase: 1,
  rating: 0.8,
  feedback: 0.8,
  impression: 0,
}
const done: Readonly<Record<EventType, string>> = {
  view: 'looked at',
  click: 'looked at',
  add_to_cart: 'put into your cart',
  purchase: 'bought',
  rating: 'rated',
  feedback: 'liked',
  impression: 'were shown',
}
/** Shares of the two kinds of neighbours (M08). */
const hybrid = { als: 0.6, copurchase: 0.4 } as const

/**
 * Neighbours of the user's latest items, best first with scores relative to the best; the reason names the item that
 * added most to the score.
 * @param recent the user's events, oldest first
 */
export async function neighboursOfRecent(
  recent: readonly RecentEvent[],
  generation: number,
  shop: Shop,
): Promise<Candidate[]> {
  const catalogue = await shop.catalogue()
  const latest = latestItems(recent)
  const lists = await Promise.all(latest.map(({ itemId }) => shop.neighbours(itemId, generation)))
  const found = new Map<string, { score: number; most: number; because: (typeof latest)[number] }>()
  for (const [age, because] of latest.entries()) {
    for (const [itemId, similarity] of hybridNeighbours(lists[age])) {
      const added = interest[because.type] * decay ** age * similarity
      const before = found.get(itemId) ?? { score: 0, most: 0, because }
      const mostNow = added > before.most ? { most: added, because } : { most: before.most, because: before.because }
      found.set(itemId, { score: before.score + added, ...mostNow })
    }
  }
  const ranked = [...found].sort(([a, x], [b, y]) => y.score - x.score || (a < b ? -1 : 1))
  const best = ranked[0]?.[1].score ?? 1
  return ranked.map(([itemId, { score, because }]) => {
    const name = catalogue.items.get(because.itemId)?.name ?? because.itemId
    const text = `Because you ${done[because.type]} ${name}`
    return { itemId, score: score / best, reason: { code: 'recent', text } }
  })
}

/** Both kinds of neighbours of one item on one scale of 0 to 1, best first. */
export function hybridNeighbours(value: ItemNeighboursValue | undefined): [itemId: string, similarity: number][] {
  const mixed = new Map<string, number>()
  for (const kind of ['als', 'copurchase'] as const) {
    const best = value?.[kind][0]?.[1] ?? 1
    for (const [itemId, score] of value?.[kind] ?? []) {
      mixed.set(itemId, (mixed.get(itemId) ?? 0) + (hybrid[kind] * score) / best)
    }
  }
  return [...mixed].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
}

/** The last items the user had to do with, newest first, each with the last thing done. */
function latestItems(recent: readonly RecentEvent[]): { itemId: string; type: EventType }[] {
  const latest = new Map<string, EventType>()
  for (const [itemId, code] of recent.toReversed()) {
    const type = eventTypes[code]
    if (type !== undefined && !latest.has(itemId)) latest.set(itemId, type)
    if (latest.size === itemsMax) break
  }
  return [...latest].map(([itemId, type]) => ({ itemId, type }))
}
