import { z } from 'zod'
import { UserId } from './ids.ts'

/**
 * One of the user's recent events, packed: item id, index into `eventTypes`, second since 1970, short event id, and the
 * value of ratings and feedback.
 */
export const RecentEvent = z.tuple([z.string(), z.int().nonnegative(), z.int(), z.string(), z.number().optional()])
export type RecentEvent = z.infer<typeof RecentEvent>

/** How often an item was shown since the user last did something with it, and the last second that was. */
export const Shown = z.tuple([z.int().positive(), z.int()])
export type Shown = z.infer<typeof Shown>

/**
 * What the stream knows of a user, kept near 1 KB because each write is paid by size.
 * `applied` holds, per partition of the hub, the last sequence number this document has taken in.
 */
export const Profile = z.object({
  id: z.literal('profile'),
  user_id: UserId,
  applied: z.record(z.string(), z.int().nonnegative()),
  recent: z.array(RecentEvent),
  /** Items bought through the stream, newest last. */
  bought: z.array(z.string()),
  /** Items with a thumb down that no thumb up has lifted, newest last. */
  disliked: z.array(z.string()).default([]),
  /** By item id; absent while nothing was shown that nobody did anything with. */
  shown: z.record(z.string(), Shown).optional(),
  /** Of a visitor's session: the user it turned out to be, who gets all of it. */
  merged_into: UserId.optional(),
  /** Seconds from the last write after which Cosmos removes it: a visitor's soon, a user's after the period that is set. */
  ttl: z.int().positive().optional(),
})
export type Profile = z.infer<typeof Profile>
export const profileLimits = {
  recentEvents: 50,
  boughtItems: 500,
  dislikedItems: 100,
  shownItems: 100,
  shownDays: 30,
} as const
/** How long a visitor is remembered who does nothing any more. */
export const guestSeconds = 30 * 24 * 3600
