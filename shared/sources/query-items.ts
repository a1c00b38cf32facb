import { eventTypes } from '../schemas/interaction.ts'
import { decay, interest } from './seeds.ts'
import type { Ask } from './source.ts'

const ratingMax = 5

/** An item that a list is made from. */
interface QueryItem {
  itemId: string
  /** Above 0. */
  weight: number
}

/**
 * The items that a list is made from, each once, the most telling first: those of the page or the cart, then what the user had
 * to do with lately, newest first, each weighing by what was done with it last and less for each item before it; then
 * what was bought before that.
 */
export function queryItems(
  { seeds, user }: Pick<Ask, 'seeds' | 'user'>,
  { max, seedsOnly = false }: { max: number; seedsOnly?: boolean },
): QueryItem[] {
  const weights = new Map<string, number>()
  const add = (itemId: string, weight: number): void => {
    if (weights.size < max && weight > 0 && !weights.has(itemId)) weights.set(itemId, weight * decay ** weights.size)
  }
  for (const itemId of seeds) add(itemId, 1)
  if (!seedsOnly) {
    for (const [itemId, code, , , value] of user.recent.toReversed()) {
      const type = eventTypes[code]
      if (type === undefined) continue
      const liking = type === 'rating' ? (value ?? ratingMax) / ratingMax : 1
      add(itemId, interest[type] * liking)
    }
    for (const [itemId] of user.lists?.purchases ?? []) if (!user.disliked.has(itemId)) add(itemId, interest.purchase)
  }
  return [...weights].map(([itemId, weight]) => ({ itemId, weight }))
}
