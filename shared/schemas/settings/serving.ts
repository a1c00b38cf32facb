import { z } from 'zod'
import { count, number } from './setting.ts'

/** What lists are served by. */
export const ServingSettings = z.object({
  /** A stock-out or a new price is in lists after at most twice this time; each look costs some 3 request units. */
  CATALOGUE_REFRESH_MS: number(500, count),

  /** Whose stored lists follow their events at once: `strong` those who bought, carted, rated or looked at three items. */
  ACTIVE_LISTS: z.enum(['off', 'strong', 'all'], { error: 'must be off, strong or all' }).default('strong'),
})
