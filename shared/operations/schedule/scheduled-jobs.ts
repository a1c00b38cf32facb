import type { JobKind, RunScope } from '../../schemas/run.ts'
import type { JobSchedule, ScheduleName } from '../../schemas/schedule.ts'
import type { ScheduleSettings } from '../../schemas/settings/schedules.ts'

/** What the clock starts under a name. */
interface ScheduledJob {
  kind: JobKind
  refit?: boolean
  scope?: RunScope
}

/** In the order in which they are started when several are due at once: a refit makes the refresh of its hour a small one. */
export const scheduledJobs: Readonly<Record<ScheduleName, ScheduledJob>> = {
  'lake-daily': { kind: 'lake', scope: 'daily' },
  lake: { kind: 'lake', scope: 'hourly' },
  refit: { kind: 'refresh', refit: true },
  refresh: { kind: 'refresh' },
  export: { kind: 'export' },
  tune: { kind: 'tune' },
}

export type Schedules = Readonly<Record<ScheduleName, JobSchedule>>

/** When each job runs while nothing else was set at run time. */
export const defaultSchedules = (settings: ScheduleSettings): Schedules => ({
  'lake-daily': settings.LAKE_DAILY_SCHEDULE,
  lake: settings.LAKE_SCHEDULE,
  refit: settings.REFIT_SCHEDULE,
  refresh: settings.REFRESH_SCHEDULE,
  export: settings.EXPORT_SCHEDULE,
  tune: settings.TUNE_SCHEDULE,
})
