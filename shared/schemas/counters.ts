import { z } from 'zod'
import type { EventType } from './interaction.ts'

/** Decayed interaction counts of the items of one hub partition, under the same guard as a profile. */
export const Counters = z.object({
  /** `interactions-{partition}` */
  id: z.string(),
  /** Last sequence number of the partition counted in; -1 before the first. */
  applied: z.int().min(-1),
  /** The moment all values refer to, ms since 1970. */
  at: z.int(),
  /** Short ids of the events counted lately, end to end, by the minute they were enqueued: what is known is not counted. */
  known: z.record(z.string(), z.string()).default({}),
  /** Decayed weight by item id. */
  values: z.record(z.string(), z.number()),
})
export type Counters = z.infer<typeof Counters>
/** A document stays near 100 KB: the items with the smallest values leave first. */
export const counterLimits = { items: 4000, smallestValue: 0.005, knownMinutes: 3, knownIds: 4000 } as const

/** What one event of a type adds to an item's popularity (M18). */
export const popularityWeights: Readonly<Record<EventType, number>> = {
  view: 1,
  click: 1,
  add_to_cart: 3,
  purchase: 10,
  rating: 2,
  feedback: 2,
}
