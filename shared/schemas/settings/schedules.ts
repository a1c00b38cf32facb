import { z } from 'zod'
import { scheduleSetting } from '../schedule.ts'
import { number, positive, required } from './setting.ts'

/** When the jobs run, unless `/api/config/batch-schedule` says otherwise: NCRONTAB in UTC, a number of seconds, or `off`. */
export const ScheduleSettings = z.object({
  REFRESH_SCHEDULE: scheduleSetting('0 0 */6 * * *'),
  /** The lake: new files and events hourly, all tables and their upkeep daily. */
  LAKE_SCHEDULE: scheduleSetting('0 5 * * * *'),
  LAKE_DAILY_SCHEDULE: scheduleSetting('0 0 2 * * *'),
  /** When a refresh fits all factors anew whatever changed. */
  REFIT_SCHEDULE: scheduleSetting('0 0 3 * * 0'),
  /** When lists for e-mail and push are written to Blob Storage. */
  EXPORT_SCHEDULE: scheduleSetting('0 0 6 * * 1'),
  /** When parameters are looked for that suit the shop better. */
  TUNE_SCHEDULE: scheduleSetting('off'),

  /** How often the app looks at what is due and at runs that stand still: NCRONTAB, read by the timer's binding. */
  SWEEP_SCHEDULE: required('a six-field NCRONTAB like `0 * * * * *`'),
  /** A chunk without a sign of life for this long is given out again. */
  SWEEP_AFTER_SECONDS: number(120, positive).meta({ runTime: true }),
})
export type ScheduleSettings = z.infer<typeof ScheduleSettings>
