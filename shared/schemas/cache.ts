import { z } from 'zod'
import { UserId } from './ids.ts'
import { ListsTold } from './list-statistics.ts'

/** Cosmos `users`, id `cache_drop`: instances that hold anything of the user learn by it that they are to read it anew. */
export const CacheDrop = z.object({
  id: z.literal('cache_drop'),
  user_id: UserId,
  at: z.iso.datetime(),
  /** Seconds after which Cosmos removes it: all have seen it by then. */
  ttl: z.int().positive(),
})
export type CacheDrop = z.infer<typeof CacheDrop>

/** Cosmos `config`, id `cache_epoch`: with another number, all that instances hold is to be read anew. */
export const CacheEpoch = z.object({ id: z.literal('cache_epoch'), epoch: z.int().positive(), at: z.iso.datetime() })
export type CacheEpoch = z.infer<typeof CacheEpoch>

const whole = z.int().nonnegative()
const Counts = z.object({
  hits: whole,
  misses: whole,
  /** Asked for while it was being read for somebody else. */
  coalesced: whole,
  evictions: whole,
  entries: whole,
  /** About. */
  bytes: whole,
})

/** The published lists, and what one instance holds since it began. */
export const CacheStats = z.object({
  model_version: z.string().nullable(),
  generated_at: z.string().nullable(),
  /** Of the published lists. */
  age_seconds: whole.nullable(),
  /** As the refresh counted that was the last to publish lists; null before there was one. */
  lists: ListsTold.nullable(),
  instance: z.object({
    /** Documents of users: `stale` were served while they could not be read, `looks` asked who changed. */
    users: Counts.extend({ stale: whole, looks: whole }),
    /** Published lists of users. */
    lists: Counts,
    /** Lists as they were made a moment ago; null where none are kept. */
    made: Counts.omit({ coalesced: true, bytes: true }).nullable(),
    /** By container: whether it is left alone as it fails, and how many reads have failed. */
    stores: z.record(z.string(), z.object({ open: z.boolean(), failed: whole })),
    /** What is served older than it may be. */
    late: z.array(z.string()),
  }),
})

export const CacheDropped = z.object({ user_id: z.string(), at: z.string() })
export const CacheInvalidated = z.object({ epoch: z.int(), at: z.string() })
