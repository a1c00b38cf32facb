import { z } from 'zod'

const whole = z.int().nonnegative()

/**
 * Cosmos `models`, id `lists`: what a refresh leaves for `GET /api/cache/stats`, so that nobody counts lists when asked.
 * `items_listed` counts what was in any list since the lists of all users were last made.
 */
export const ListStatistics = z.object({
  id: z.literal('lists'),
  generation: z.int().positive(),
  model_version: z.string(),
  generated_at: z.iso.datetime(),
  users_known: whole,
  items_known: whole,
  items_listed: whole,
  /** How many lists were last made in which second since 1970, the oldest first. */
  made: z.array(z.tuple([whole, whole])),
  /** Blobs that the next refresh goes on from: when each list was made, and which items were listed. */
  files: z.object({ made: z.string(), items: z.string() }),
})
export type ListStatistics = z.infer<typeof ListStatistics>

const share = z.number().min(0).max(1)

/** What is told of the published lists of users: how many have one, how much of the catalogue is in them, how old they are. */
export const ListsTold = z.object({
  /** The refresh that counted. */
  model_version: z.string(),
  counted_at: z.string(),
  users: z.object({ known: whole, listed: whole, share }),
  items: z.object({ known: whole, listed: whole, share }),
  mean_age_seconds: whole.nullable(),
  /** Lists by their age: up to so many hours, and above the bound before; the last has none. */
  staleness: z.array(z.object({ up_to_hours: whole.nullable(), lists: whole })),
})
export type ListsTold = z.infer<typeof ListsTold>
