import { z } from 'zod'
import { Ncrontab } from './ncrontab.ts'

const names = ['refresh', 'refit', 'lake', 'lake-daily', 'export', 'tune'] as const
/** What is started by the clock. A refit is a refresh that fits all factors anew. */
export const ScheduleName = z.enum(names, { error: `must be one of ${names.join(', ')}` })
export type ScheduleName = z.infer<typeof ScheduleName>

const secondsRule = 'must be a whole number of seconds from 60 to 31536000'
const EverySeconds = z
  .int({ error: secondsRule })
  .min(60, { error: secondsRule })
  .max(31_536_000, { error: secondsRule })

/** When a job runs: at the times of an NCRONTAB in UTC, so often, or only when asked. */
export const JobSchedule = z
  .strictObject({
    cron: Ncrontab.optional(),
    every_seconds: EverySeconds.optional(),
    off: z.literal(true, { error: 'must be true' }).optional(),
  })
  .refine(given => Object.values(given).filter(value => value !== undefined).length === 1, {
    error: 'must have exactly one of cron, every_seconds and off',
  })
export type JobSchedule = z.infer<typeof JobSchedule>

/** As an app setting: an NCRONTAB, a number of seconds, or `off`. */
export const scheduleSetting = (fallback: string) =>
  z
    .string()
    .trim()
    .optional()
    .transform((text): JobSchedule => {
      const given = text === undefined || text === '' ? fallback : text
      if (given === 'off') return { off: true }
      return /^\d+$/.test(given) ? { every_seconds: Number(given) } : { cron: given }
    })
    .pipe(JobSchedule)

/** Cosmos `config`, id `batch-schedule`: what was set at run time; other jobs go by the app's settings. */
export const BatchSchedule = z.strictObject({
  id: z.literal('batch-schedule'),
  jobs: z.partialRecord(
    ScheduleName,
    z.strictObject({
      /** Absent when it goes by the app's setting again. */
      schedule: JobSchedule.optional(),
      set_at: z.iso.datetime(),
    }),
  ),
})
export type BatchSchedule = z.infer<typeof BatchSchedule>

/** How far a job has come with the schedule that is in force. */
const ScheduleState = z.object({
  /** What is in force, as text: under another schedule, times are counted from when it was set. */
  schedule: z.string(),
  /** The due time that was dealt with last, or since when the schedule is in force. */
  since: z.iso.datetime(),
  /** The run it started last. */
  run_id: z.string().optional(),
  started_at: z.iso.datetime().optional(),
  /** The due time whose run waits for another one of the kind to end. */
  waiting: z.iso.datetime().optional(),
})
export type ScheduleState = z.infer<typeof ScheduleState>

/** Cosmos `config`, id `batch-schedule-state`: kept by the clock. */
export const BatchScheduleState = z.object({
  id: z.literal('batch-schedule-state'),
  jobs: z.partialRecord(ScheduleName, ScheduleState),
})
export type BatchScheduleState = z.infer<typeof BatchScheduleState>
