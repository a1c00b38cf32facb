import { z } from 'zod'
import { Certificate } from './certificate.ts'
import { ItemId } from './ids.ts'

/** An item and its score, packed: these lists are most of what is stored and paid for. */
export const ScoredItem = z.tuple([ItemId, z.number()])
export type ScoredItem = z.infer<typeof ScoredItem>

/**
 * Two generations of one value. A reader at generation g takes the slot with the largest generation ≤ g; a writer of
 * generation g never touches the slot that readers of the live generation take.
 */
const slots = <T extends z.ZodType>(value: T) => ({
  id: z.string(),
  a: z.object({ generation: z.int().positive(), value }).optional(),
  b: z.object({ generation: z.int().positive(), value }).optional(),
})

/**
 * Cosmos `user_topn`: id is the user's. `purchases` is [item, last second bought, times], newest first, with the first second
 * of what was bought three times or more; `segment` is the key of the segment the user belongs to.
 */
export const UserListsValue = z.object({
  items: z.array(ScoredItem),
  purchases: z.array(z.tuple([z.string(), z.int(), z.int(), z.int().optional()])),
  segment: z.string().optional(),
})
export type UserListsValue = z.infer<typeof UserListsValue>
export const UserLists = z.object(slots(UserListsValue))
export type UserLists = z.infer<typeof UserLists>

/** Cosmos `item_sim`: neighbours by cosine of ALS factors, by co-purchase and by views in one session, best first. */
export const ItemNeighboursValue = z.object({
  als: z.array(ScoredItem),
  copurchase: z.array(ScoredItem),
  viewed: z.array(ScoredItem).default([]),
})
export type ItemNeighboursValue = z.infer<typeof ItemNeighboursValue>
export const ItemNeighbours = z.object(slots(ItemNeighboursValue))
export type ItemNeighbours = z.infer<typeof ItemNeighbours>

/**
 * An association rule: the items of its left side in order of id, the item of its right side, support, confidence and
 * lift. What else is told of a rule follows from these.
 */
export const RuleTail = z.tuple([z.array(ItemId).min(1), ItemId, z.number(), z.number(), z.number()])
export type RuleTail = z.infer<typeof RuleTail>
/** Cosmos `assoc_rules`: id is an item's that all of these rules have on their left side. */
export const ItemRules = z.object(slots(z.array(RuleTail)))
export type ItemRules = z.infer<typeof ItemRules>

/** Cosmos `trending`: id is `all`, `category-…` or `segment-…`; values decayed to `at`, best first. */
export const PopularityValue = z.object({ at: z.int(), items: z.array(ScoredItem) })
export type PopularityValue = z.infer<typeof PopularityValue>
export const Popularity = z.object(slots(PopularityValue))
export type Popularity = z.infer<typeof Popularity>

/** The document of a category's popularity, or of the whole shop's; a category may hold what ids may not. */
export function popularityId(category?: string): string {
  return category === undefined ? 'all' : `category-${encodeURIComponent(category).replaceAll('%', '~')}`
}

/** The document of what a segment buys lately. */
export const segmentPopularityId = (key: string): string => `segment-${key}`

/** Users who behave alike: its key in users' lists, what sets it apart, and how many they were when it was made. */
export const Segment = z.object({ key: z.string(), name: z.string(), users: z.int().nonnegative() })
export type Segment = z.infer<typeof Segment>

const GenerationName = z.object({ generation: z.int().positive(), model_version: z.string() })
const LiveGeneration = GenerationName.extend({
  generated_at: z.iso.datetime(),
  /** Interactions up to this moment are in the lists, ms since 1970. */
  data_until: z.int(),
})

/** The one document that says what is live. */
export const LivePointer = LiveGeneration.extend({
  id: z.literal('live'),
  /** What it can be set back to, as documents still hold both; one stored without its times does not count. */
  previous: LiveGeneration.optional().catch(undefined),
  /** The generation that is being written; one that came before it is not made live any more. */
  writing: z.int().positive().optional(),
  /** What was live before somebody set the pointer back, and when. */
  rolled_back: GenerationName.extend({ at: z.iso.datetime() }).optional(),
})
export type LivePointer = z.infer<typeof LivePointer>

/** A published generation: id is its model version. */
export const Generation = z.object({
  id: z.string(),
  generation: z.int().positive(),
  run_id: z.string(),
  generated_at: z.iso.datetime(),
  /** The model's manifest and the sha256 of its bytes. */
  manifest_path: z.string(),
  manifest_sha256: z.string(),
  parameters: z.record(z.string(), z.unknown()),
  counts: z.record(z.string(), z.number()),
  certificate: Certificate.optional(),
  segments: z.array(Segment).optional(),
})
export type Generation = z.infer<typeof Generation>

/** Cosmos `model_metrics` (S08): id is the model version. */
export const ModelMetrics = z.object({
  id: z.string(),
  generation: z.int().positive(),
  run_id: z.string(),
  generated_at: z.iso.datetime(),
  certificate: Certificate,
})
export type ModelMetrics = z.infer<typeof ModelMetrics>

/** A digest in Blob Storage: what the documents of a list hold, 16 bytes a document. */
export const DigestFile = z.object({ path: z.string(), sha256: z.string(), values: z.int() })
export type DigestFile = z.infer<typeof DigestFile>

/** Digests of everything published, by list, as of a generation. */
export const Digests = z.object({
  generation: z.int().positive(),
  /** When documents were last read and compared, rather than known by a digest. */
  verified_at: z.iso.datetime(),
  lists: z.record(z.string(), DigestFile),
})
export type Digests = z.infer<typeof Digests>

/**
 * Cosmos `models`, id `published`: which generation writes, or wrote last. While it writes, `base` is what the documents
 * held before; once all is written, `digests` is what they hold. With neither, nothing is known of them.
 */
export const PublishState = z.object({
  id: z.literal('published'),
  generation: z.int().positive(),
  base: Digests.optional(),
  digests: Digests.optional(),
})
export type PublishState = z.infer<typeof PublishState>
