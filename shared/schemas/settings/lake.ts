import { z } from 'zod'
import { count, number, weight } from './setting.ts'

/** What the lake is kept by. */
export const LakeSettings = z.object({
  /** Key of the pseudonyms that stand for customers in gold; another key gives other pseudonyms (I16). */
  PSEUDONYM_KEY: z
    .string({ error: 'a secret text of 16 characters or more, kept for good' })
    .min(16, { error: 'must have 16 characters or more' })
    .meta({ secret: true, vault: 'kept' }),
  /** A run that accepts a smaller share of its rows raises an alert (I15). */
  DATA_QUALITY_FLOOR: number(0.95, weight.max(1, { error: 'must be 1 or less' })),
  /** How long versions of tables can be gone back to; no reader or writer may take longer than a week for its work. */
  LAKE_RETENTION_DAYS: number(30, count.min(7, { error: 'must be 7 or more' })),
  /** How long files in landing/ are kept once they were taken in (X09); their rows stay in the lake. */
  LANDING_RETENTION_DAYS: number(30, count),
  /** How long events and rows are kept that could not be taken in, with what they held. */
  REFUSED_RETENTION_DAYS: number(90, count),
  /** How long logs of jobs are kept. */
  LOG_RETENTION_DAYS: number(90, count),
  /** How long exported lists are kept. */
  EXPORT_RETENTION_DAYS: number(30, count),
})
export type LakeSettings = z.infer<typeof LakeSettings>
