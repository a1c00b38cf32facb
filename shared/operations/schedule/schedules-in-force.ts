import type { Documents, Versioned } from '../../ports.ts'
import { collections } from '../../schemas/collections.ts'
import { type BatchSchedule, type BatchScheduleState, type JobSchedule, ScheduleName } from '../../schemas/schedule.ts'
import type { Schedules } from './scheduled-jobs.ts'

const key = { id: 'batch-schedule', partition: 'batch-schedule' } as const
const stateKey = { id: 'batch-schedule-state', partition: 'batch-schedule-state' } as const

/** The schedule of a job as it is in force, and since when it was set at run time. */
export interface ScheduleInForce {
  name: ScheduleName
  schedule: JobSchedule
  isDefault: boolean
  setAt: number | undefined
}

export const readBatchSchedule = (documents: Documents): Promise<Versioned<BatchSchedule> | undefined> =>
  documents.read(collections.batchSchedule, key)

export const readScheduleState = (documents: Documents): Promise<Versioned<BatchScheduleState> | undefined> =>
  documents.read(collections.batchScheduleState, stateKey)

/** Every job's schedule: what was set at run time over the app's settings. */
export function schedulesInForce(stored: BatchSchedule | undefined, defaults: Schedules): ScheduleInForce[] {
  return ScheduleName.options.map(name => {
    const set = stored?.jobs[name]
    return {
      name,
      schedule: set?.schedule ?? defaults[name],
      isDefault: set?.schedule === undefined,
      setAt: set && Date.parse(set.set_at),
    }
  })
}

/**
 * What is stored once exactly `wanted` is set: all other jobs go by the app's settings. A job whose schedule stays is not
 * set anew, so that its times are counted on.
 */
export function withSchedules(
  stored: BatchSchedule | undefined,
  wanted: Partial<Schedules>,
  setAt: string,
): BatchSchedule {
  const jobs: BatchSchedule['jobs'] = {}
  for (const name of ScheduleName.options) {
    const [before, schedule] = [stored?.jobs[name], wanted[name]]
    if (isSame(before?.schedule, schedule)) {
      if (before) jobs[name] = before
    } else {
      jobs[name] = schedule ? { schedule, set_at: setAt } : { set_at: setAt }
    }
  }
  return { id: key.id, jobs }
}

/** A schedule as text, by which one is told from another. */
export const scheduleText = (schedule: JobSchedule): string => JSON.stringify(schedule)

function isSame(a: JobSchedule | undefined, b: JobSchedule | undefined): boolean {
  return a === undefined || b === undefined ? a === b : scheduleText(a) === scheduleText(b)
}
