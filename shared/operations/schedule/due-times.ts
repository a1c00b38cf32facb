import { occurrenceAfter, occurrenceUpTo } from '../../schemas/ncrontab.ts'
import type { JobSchedule } from '../../schemas/schedule.ts'

/** The newest due time after `since` up to `now`, in milliseconds since 1970: what was missed counts once. */
export function lastDue(schedule: JobSchedule, { since, now }: { since: number; now: number }): number | undefined {
  const { cron, every_seconds: seconds } = schedule
  if (cron !== undefined) {
    const last = occurrenceUpTo(cron, now)
    return last !== undefined && last > since ? last : undefined
  }
  if (seconds === undefined) return undefined
  const times = Math.floor((now - since) / (seconds * 1000))
  return times > 0 ? since + times * seconds * 1000 : undefined
}

/**
 * The first due time after `now` that is `leastMs` after the one before; undefined for a job that only runs when asked.
 */
export function nextDue(
  schedule: JobSchedule,
  { since, now, leastMs = 0 }: { since: number; now: number; leastMs?: number },
): number | undefined {
  let next = dueAfter(schedule, { since, now })
  while (next !== undefined && next - since < leastMs) next = dueAfter(schedule, { since, now: next })
  return next
}

function dueAfter(schedule: JobSchedule, { since, now }: { since: number; now: number }): number | undefined {
  const { cron, every_seconds: seconds } = schedule
  if (cron !== undefined) return occurrenceAfter(cron, now)
  if (seconds === undefined) return undefined
  return since + (Math.floor(Math.max(0, now - since) / (seconds * 1000)) + 1) * seconds * 1000
}
