import { z } from 'zod'

/** Why an item is listed, from a closed set, for machines. */
export const reasonCodes = [
  // Taste: the user's vector, or neighbours of what the user did lately.
  ...(['personal', 'recent', 'users_like_you', 'buy_again', 'recently_viewed', 'content'] as const),
  // The page or the cart.
  ...(['similar', 'bought_together', 'viewed_together', 'rule', 'search'] as const),
  // Everybody.
  ...(['segment', 'popular_in_category', 'trending', 'explore', 'pinned', 'available'] as const),
] as const
export const ReasonCode = z.enum(reasonCodes)
export type ReasonCode = z.infer<typeof ReasonCode>

export const Reason = z.object({
  code: ReasonCode,
  /** For people: the template with its values, in English. */
  text: z.string(),
  /** With names in braces, for whoever tells it in other words or another language. */
  template: z.string(),
  /** Of the template's names, and figures that it leaves out. */
  values: z.record(z.string(), z.union([z.string(), z.number()])),
})
export type Reason = z.infer<typeof Reason>
