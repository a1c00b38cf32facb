import { z } from 'zod'
import { JobKind, RunStatus } from './run.ts'
import { JobSchedule, ScheduleName } from './schedule.ts'

/** Body of PUT /api/config/batch-schedule. A job that is left out goes by the app's setting. */
export const BatchScheduleBody = z.strictObject({ schedules: z.partialRecord(ScheduleName, JobSchedule) })

const ScheduledAnswer = z.object({
  name: ScheduleName,
  kind: JobKind,
  schedule: JobSchedule,
  is_default: z.boolean(),
  /** What the app's settings say. */
  default: JobSchedule,
  /** The least hours between two runs while the month's budget is being used up too fast. */
  slowed_to_hours: z.number().nullable(),
  next_run_at: z.string().nullable(),
  /** Of the run that the clock started last. */
  last_run_at: z.string().nullable(),
  last_job: z.string().nullable(),
  last_status: RunStatus.nullable(),
  /** The time whose run waits for another of its kind to end. */
  waiting_since: z.string().nullable(),
})
export const BatchScheduleAnswer = z.object({ items: z.array(ScheduledAnswer), next_cursor: z.null() })
export type BatchScheduleAnswer = z.infer<typeof BatchScheduleAnswer>

const sources = ['default', 'environment', 'vault', 'run_time'] as const
/** Where a value comes from. */
export type SettingSource = (typeof sources)[number]

const SettingAnswer = z.object({
  name: z.string(),
  /** In force now; of a secret only whether it is set. */
  value: z.union([z.number(), z.string(), z.array(z.string()), JobSchedule]).nullable(),
  is_set: z.boolean(),
  is_secret: z.boolean(),
  source: z.enum(sources),
  /** Whether PUT /api/config takes it. */
  is_run_time: z.boolean(),
})
export const ConfigurationAnswer = z.object({ items: z.array(SettingAnswer), next_cursor: z.null() })
export type ConfigurationAnswer = z.infer<typeof ConfigurationAnswer>
