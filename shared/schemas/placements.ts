import { z } from 'zod'
import { ItemId } from './ids.ts'

/** Where candidates come from. */
const sourceNames = [
  ...(['als', 'fold_in', 'item_neighbours', 'copurchase', 'also_viewed', 'user_neighbours', 'content'] as const),
  ...([
    'rules',
    'recently_viewed',
    'buy_again',
    'segment',
    'category',
    'trending',
    'exploration',
    'catalogue',
  ] as const),
] as const
export const SourceName = z.enum(sourceNames, { error: `must be one of ${sourceNames.join(', ')}` })
export type SourceName = z.infer<typeof SourceName>

/** The places in a shop that show lists (P22). */
export const placementNames = [
  ...(['home', 'similar', 'bought_together', 'also_viewed', 'cart', 'checkout'] as const),
  ...(['category', 'search', 'email'] as const),
] as const
export const PlacementName = z.enum(placementNames, { error: `must be one of ${placementNames.join(', ')}` })
export type PlacementName = z.infer<typeof PlacementName>

const moment = z.iso.datetime({ offset: true, error: 'must be an ISO 8601 date-time with Z or an offset' }).optional()
/** From when (included) to when (excluded) something holds; without either, for good. */
const window = { from: moment, until: moment }
const ruleName = z.string().min(1).max(100)
/** A filter expression, as `price <= 50 and category in ("Kitchen", "Garden")`: docs/placements.md. */
const Expression = z.string().min(1).max(1000)
const share = z.number().min(0).max(1)

/** How the lists of one placement are made. */
export const Placement = z.strictObject({
  /** Asked together; an item's score is the sum of its calibrated scores by weight. Who comes first wins a tie. */
  sources: z
    .array(
      z.strictObject({
        source: SourceName,
        weight: z.number().positive().max(100),
        /** How many of its best are taken. */
        candidates: z.int().min(1).max(1000).default(200),
      }),
    )
    .min(1),
  /** Asked in this order while a list is short. The whole catalogue comes after them, so that N asked is N given. */
  backfill: z.array(SourceName).default(['segment', 'category', 'trending']),
  /** Only what fulfils all of them is listed. */
  filters: z.array(z.strictObject({ name: ruleName, expression: Expression, ...window })).default([]),
  /** Scores of what fulfils the expression are multiplied: above 1 lifts, below 1 sinks. */
  boosts: z
    .array(
      z.strictObject({ name: ruleName, expression: Expression, factor: z.number().positive().max(100), ...window }),
    )
    .default([]),
  /** What an association rule from the cart or the latest purchases adds to an item's score at confidence 1 (M03). */
  rule_boost: share.default(0),
  /** Items at a fixed place, from 1, as long as they may be listed at all. */
  pins: z
    .array(
      z.strictObject({
        item_id: ItemId,
        position: z.int().min(1).max(100),
        expression: Expression.optional(),
        ...window,
      }),
    )
    .default([]),
  blocked: z.array(ItemId).max(10_000).default([]),
  /** Whether what the user bought may come again. */
  include_bought: z.boolean().default(false),
  /** λ of maximal marginal relevance: 1 lists by score alone, less spreads the list (M15). */
  diversity: share.default(1),
  /** At most so many of one category, or brand, while others are left. */
  quota: z.strictObject({ by: z.enum(['category', 'brand']), max: z.int().min(1) }).optional(),
  /** What was shown so often within so many hours, and led to nothing, stays away. */
  frequency_cap: z.strictObject({ times: z.int().min(1), hours: z.number().positive() }).optional(),
  /** Probability with which a place is given to chance instead (M13). */
  exploration: share.default(0),
  /** Whether the server reports what it listed as impressions; else whoever shows a list posts them. */
  log_impressions: z.boolean().default(false),
})
export type Placement = z.infer<typeof Placement>

/** Cosmos `config`, id `placements`: what a shop set for itself; other placements are as the app has them. */
export const PlacementSettings = z.strictObject({
  id: z.literal('placements'),
  placements: z.partialRecord(PlacementName, Placement),
})
export type PlacementSettings = z.infer<typeof PlacementSettings>
