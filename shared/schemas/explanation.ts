import { z } from 'zod'
import { PlacementName, SourceName } from './placements.ts'
import { Reason } from './reason.ts'

const Kept = z.object({ item_id: z.string(), stage: z.string(), detail: z.string() })

/** What the user's past items add to an item's score by taste; those left out of `terms` are in `others`. */
const TasteOf = z.object({
  score: z.number(),
  terms: z.array(z.object({ item_id: z.string(), name: z.string(), term: z.number() })),
  others: z.number(),
})

const ExplainedItem = z.object({
  item_id: z.string(),
  /** What each source adds to the score before boosts, largest first, and why it proposes the item. */
  contributions: z.array(z.object({ source: SourceName, score: z.number(), added: z.number(), reason: Reason })),
  /** The score is multiplied by these, and then taken relative to the best again. */
  boosts: z.array(z.object({ name: z.string(), factor: z.number() })),
  /** Where it stood after each step, from 1; null where it was not among them. */
  positions: z.array(z.object({ step: z.string(), position: z.int().nullable() })),
  propensity: z.number(),
  /** Absent where the model is not in memory, or does not know the item or nothing of the user. */
  taste: TasteOf.optional(),
})

/** How a list was made: `explain=full`. */
export const ListExplanation = z.object({
  /** Sources in the order in which they were asked, with how many items each proposed. */
  sources: z.array(z.object({ source: SourceName, asked: z.enum(['first', 'backfill']), candidates: z.int() })),
  /** How many items there were after each step. */
  steps: z.array(z.object({ step: z.string(), items: z.int() })),
  items: z.array(ExplainedItem),
  /** How many of those that were proposed or asked about were kept out, by stage. */
  kept_out: z.record(z.string(), z.int()),
  /** The first of them. */
  kept_out_items: z.array(Kept),
})
export type ListExplanation = z.infer<typeof ListExplanation>

export const WhyNot = z.object({
  item_id: z.string(),
  placement: PlacementName,
  listed: z.boolean(),
  /** From 1, of a listed item. */
  position: z.int().nullable(),
  /** The first stage that kept it out, and what exactly; null of a listed item. */
  stage: z.string().nullable(),
  detail: z.string().nullable(),
  /** The stages before, in their order: none of them kept it out. */
  passed: z.array(z.string()),
  model_version: z.string().nullable(),
})
