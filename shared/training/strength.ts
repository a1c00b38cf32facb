import type { EventType } from '../schemas/interaction.ts'

export interface StrengthOptions {
  /** Shares of the four parts (F13); they need not add up to 1. */
  weights: { rating: number; purchase: number; recency: number; quantity: number }
  /** Recency halves after this long. */
  recencyHalfLifeMs: number
}

/** What one user did with one item, over all events. */
export interface Feedback {
  /** How many events there were of each type that counts. */
  counts: Readonly<Record<Engagement, number>>
  /** The best rating, 1 to 5; thumbs up is 5; 0 for none. */
  rating: number
  /** Moment of the last event, ms since 1970. */
  lastAt: number
}
type Engagement = Extract<EventType, 'view' | 'click' | 'add_to_cart' | 'purchase'>

/** How sure one event of a type makes us that the user wants the item, 0 to 1: a purchase is certainty. */
const certainty: Readonly<Record<Engagement, number>> = { view: 0.1, click: 0.15, add_to_cart: 0.5, purchase: 1 }

/** Purchases beyond this many say nothing more. */
const purchasesMax = 10

/**
 * Feedback strength r ≥ 0 of one (user, item) cell of the matrix: weighted sum of rating / 5, engagement (1 minus the
 * chance that every event was idle), engagement × recency, and the logarithm of purchases, each within 0 to 1.
 */
export function interactionStrength(
  { counts, rating, lastAt }: Feedback,
  until: number,
  options: StrengthOptions,
): number {
  const { weights, recencyHalfLifeMs } = options
  const idle =
    (1 - certainty.view) ** counts.view *
    (1 - certainty.click) ** counts.click *
    (1 - certainty.add_to_cart) ** counts.add_to_cart *
    (1 - certainty.purchase) ** counts.purchase
  const engagement = 1 - idle
  const recency = 2 ** (-Math.max(0, until - lastAt) / recencyHalfLifeMs)
  const quantity = Math.log1p(Math.min(counts.purchase, purchasesMax)) / Math.log1p(purchasesMax)
  return (
    weights.rating * (rating / 5) +
    weights.purchase * engagement +
    weights.recency * engagement * recency +
    weights.quantity * quantity
  )
}
