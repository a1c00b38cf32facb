import { z } from 'zod'
import type { EventType } from './interaction.ts'

const counted = {
  /** `interactions-{partition}`, and `-new` for the later part. */
  id: z.string(),
  /** Last sequence number of the partition counted in; -1 before the first. */
  applied: z.int().min(-1),
  /** The moment all values refer to, ms since 1970. */
  at: z.int(),
  /** Decayed weight by item id. */
  values: z.record(z.string(), z.number()),
}

/** Decayed interaction counts of the items of one hub partition; what came since it was written is in the later part. */
const Counters = z.object({ type: z.literal('counters'), ...counted })
export type Counters = z.infer<typeof Counters>

/**
 * What was counted after the counters reached `since`: small, because it is written with every batch and a write is paid
 * by size. It counts for readers only while the counters still stand there.
 */
const LaterCounters = z.object({
  type: z.literal('later'),
  since: z.int().min(-1),
  /** Short ids of the events counted lately, end to end, by the minute they were enqueued: what is known is not counted. */
  known: z.record(z.string(), z.string()),
  ...counted,
})
export type LaterCounters = z.infer<typeof LaterCounters>

/** A document of the container `counters`. */
export const CountersDocument = z.discriminatedUnion('type', [Counters, LaterCounters])
export type CountersDocument = z.infer<typeof CountersDocument>

export const countersId = (partition: string) => `interactions-${partition}`
export const laterCountersId = (partition: string) => `${countersId(partition)}-new`

/**
 * `items`: counters stay near 60 KB, the items with the smallest values leave first. `laterItems`: from here on the
 * later part is folded into the counters. `knownMinutes` and `knownIds` bound how long a repeated event is known.
 */
export const counterLimits = {
  items: 4000,
  laterItems: 128,
  smallestValue: 0.005,
  knownMinutes: 3,
  knownIds: 1500,
} as const

/** What one event of a type adds to an item's popularity (M18): being shown makes nothing popular. */
export const popularityWeights: Readonly<Record<EventType, number>> = {
  view: 1,
  click: 1,
  add_to_cart: 3,
  purchase: 10,
  rating: 2,
  feedback: 2,
  impression: 0,
}

/** The documents that count for readers: counters, and later parts that go on where their counters stand. */
export function countingDocuments(all: readonly CountersDocument[]): CountersDocument[] {
  const reached = new Map(all.filter(({ type }) => type === 'counters').map(({ id, applied }) => [id, applied]))
  return all.filter(document => {
    if (document.type === 'counters') return true
    return document.since === (reached.get(document.id.replace(/-new$/, '')) ?? -1)
  })
}
