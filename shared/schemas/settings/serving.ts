import { z } from 'zod'
import { count, number } from './setting.ts'

/** What lists are served by. */
export const ServingSettings = z.object({
  /** A stock-out or a new price is in lists after at most twice this time; each look costs some 3 request units. */
  CATALOGUE_REFRESH_MS: number(500, count),

  /** Whose stored lists follow their events at once: `strong` those who bought, carted, rated or looked at three items. */
  ACTIVE_LISTS: z
    .enum(['off', 'strong', 'all'], { error: 'must be off, strong or all' })
    .default('strong')
    .meta({ runTime: true }),

  /** What one instance holds of users in memory: their documents, their published lists, and lists as they were answered. */
  CACHE_USERS: number(20_000, count),
  CACHE_MEGABYTES: number(64, count),
  /** A purchase, a thumb or an opt-out is in the next list after at most this time and a look at Cosmos; 0 reads at every request. */
  CACHE_TRUST_MS: number(600, z.number({ error: 'must be a number' }).int().min(0).max(5_000)).meta({ runTime: true }),
  /** How often an instance in use asks which users changed: each look costs some 3 request units. */
  CACHE_LOOK_MS: number(250, count.min(50, { error: 'must be 50 or more' })),
  /** What a list waits for Cosmos, all in all: what comes later it does without, and says so. */
  LIST_WAIT_MS: number(90, count.max(10_000)),
  /** How long what is held of a user may stand for it while Cosmos does not answer. */
  CACHE_STALE_SECONDS: number(900, count),
})
