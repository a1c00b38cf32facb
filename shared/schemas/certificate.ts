import { z } from 'zod'

const share = z.number().min(0).max(1)

/**
 * What a refresh says of its own model: how it was made, how good the vectors were that increments folded in (at a full
 * fit), and how far the shop has moved since the last one (at an increment). Means are absent where there was nobody to
 * take them of.
 */
export const Certificate = z.object({
  mode: z.enum(['refit', 'increment']),
  /** Why everything was fitted anew, or whose lists were made. */
  reason: z.string(),
  /** When all factors were last fitted, and when the lists of all users were last made. */
  fitted_at: z.iso.datetime(),
  all_lists_at: z.iso.datetime(),
  /** Since the last fit: share of users whose vectors were folded in, of items it did not know, of interactions. */
  folded_users_share: share,
  new_items_share: share,
  new_interactions_share: z.number().min(0),
  /** At a fit: of users folded in since the fit before, how their vectors and best ten agree with the new ones … */
  folded_cosine: z.number().optional(),
  folded_overlap: share.optional(),
  /** … and of users who were not, for comparison. */
  fitted_cosine: z.number().optional(),
  fitted_overlap: share.optional(),
  /** At an increment: of users who did nothing since the fit, how much of the best ten stays when folded in now. */
  refolded_overlap: share.optional(),
})
export type Certificate = z.infer<typeof Certificate>
