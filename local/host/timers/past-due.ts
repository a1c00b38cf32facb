import type { Schedule } from './ncrontab.ts'
import type { TimerStatus, TimerStatusStore } from './timer-status.ts'

/**
 * Where a timer stands when its listener starts: what was remembered, or a first status, which is remembered at once so that
 * not even the first occurrence can be missed. A schedule that was changed since then is not past due: its next occurrence
 * counts from the last run, or from now when that one has passed already.
 * Source: Azure/azure-webjobs-sdk-extensions, ScheduleMonitor.CheckPastDueAsync.
 */
export async function statusAtStart(
  schedule: Schedule,
  store: TimerStatusStore | undefined,
  now: Date,
): Promise<{ status: TimerStatus; isPastDue: boolean }> {
  const first: TimerStatus = { last: undefined, next: schedule.next(now), lastUpdated: now }
  const remembered = await store?.read()
  if (remembered === undefined) {
    await store?.write(first)
    return { status: first, isPastDue: false }
  }
  const from = remembered.last ?? remembered.lastUpdated
  const expected = schedule.next(from)
  if (expected.getTime() === remembered.next.getTime()) {
    return { status: remembered, isPastDue: now > remembered.next }
  }
  const changed = now > expected ? first : { last: undefined, next: expected, lastUpdated: from }
  await store?.write(changed)
  return { status: changed, isPastDue: false }
}
