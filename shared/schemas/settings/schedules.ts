import { z } from 'zod'
import { number, positive, required } from './setting.ts'

/** When the jobs run: six-field NCRONTAB in UTC. */
export const ScheduleSettings = z.object({
  REFRESH_SCHEDULE: required('a six-field NCRONTAB like `0 0 */6 * * *`'),
  /** The lake: new files and events hourly, all tables and their upkeep daily. */
  LAKE_SCHEDULE: required('a six-field NCRONTAB like `0 5 * * * *`'),
  LAKE_DAILY_SCHEDULE: required('a six-field NCRONTAB like `0 0 2 * * *`'),
  SWEEP_SCHEDULE: required('a six-field NCRONTAB like `0 * * * * *`'),
  /** When a refresh fits all factors anew whatever changed. */
  REFIT_SCHEDULE: z.string().min(1).default('0 0 3 * * 0'),
  /** When lists for e-mail and push are written to Blob Storage. */
  EXPORT_SCHEDULE: z.string().min(1).default('0 0 6 * * 1'),

  /** A chunk without a sign of life for this long is given out again. */
  SWEEP_AFTER_SECONDS: number(120, positive),
})
