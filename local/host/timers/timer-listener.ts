import type { Invoker } from '../app/invoker.ts'
import { withRetries } from '../app/retry-policy.ts'
import type { Listener } from '../http/http-listener.ts'
import type { LogLine } from '../workers/log-line.ts'
import type { TimerPlan } from '../workers/messages.ts'
import type { Schedule } from './ncrontab.ts'
import { type TimerStatus, type TimerStatusStore, toScheduleStatus } from './timer-status.ts'

interface TimerListenerOptions {
  plan: Pick<TimerPlan, 'name' | 'bindingName' | 'runOnStartup' | 'retry'>
  schedule: Schedule
  /** Undefined for a timer that is not monitored. */
  store: TimerStatusStore | undefined
  invoker: Pick<Invoker, 'invoke'>
  log(line: LogLine): void
}

export interface TimerListener extends Listener {
  /** Runs the function now, behind a run that is under way. */
  trigger(): void
}

const timeoutMsMax = 2 ** 31 - 1
const earlyMsMax = 100

/**
 * Runs a function on its schedule, never twice at a time: the next occurrence counts from the end of a run. An occurrence
 * missed while the host was down is caught up once, at the start, with isPastDue.
 */
export async function listenTimer(options: TimerListenerOptions): Promise<TimerListener> {
  const { plan, schedule, store, log } = options
  const stopping = new AbortController()
  let status = await store?.read()
  let timer: NodeJS.Timeout | undefined
  let runs = Promise.resolve()

  const enqueue = (isPastDue: boolean) => {
    clearTimeout(timer)
    runs = runs.then(() => run(isPastDue)).then(waitForNext)
  }
  async function run(isPastDue: boolean): Promise<void> {
    if (stopping.signal.aborted) return
    const due = status?.next
    const last = new Date()
    const data = { json: JSON.stringify(timerInfo(store && status, isPastDue)) }
    const invocation = { functionName: plan.name, bindingName: plan.bindingName, data }
    await withRetries(plan.retry, stopping.signal, retry => options.invoker.invoke({ ...invocation, retry }))
    // A timer of Node may fire a moment early; counting from the due time keeps that occurrence from running twice.
    const earlyMs = (due?.getTime() ?? 0) - Date.now()
    const now = new Date(Date.now() + (earlyMs > 0 && earlyMs < earlyMsMax ? earlyMs : 0))
    status = { last, next: schedule.next(now), lastUpdated: now }
    await store?.write(status).catch((error: Error) => {
      log({ level: 'warning', category: 'system', functionName: plan.name, message: error.message })
    })
  }
  function waitForNext(): void {
    clearTimeout(timer)
    if (stopping.signal.aborted) return
    const next = (status?.next ?? schedule.next(new Date())).getTime()
    // An occurrence further off than a timeout can count is reached in several waits.
    const waitMs = Math.min(Math.max(0, next - Date.now()), timeoutMsMax)
    timer = setTimeout(() => (Date.now() < next - earlyMsMax ? waitForNext() : enqueue(false)), waitMs)
  }

  const now = new Date()
  const missed = status !== undefined && isMissed(status, schedule, now)
  if (
    !missed &&
    (status === undefined || status.next <= now || nextOf(status, schedule).getTime() !== status.next.getTime())
  ) {
    status = { last: undefined, next: schedule.next(now), lastUpdated: now }
    await store?.write(status)
  }
  if (missed) enqueue(true)
  else if (plan.runOnStartup) enqueue(false)
  else waitForNext()
  return {
    trigger: () => enqueue(false),
    stop: async () => {
      stopping.abort()
      clearTimeout(timer)
    },
    close: () => runs,
  }
}

/** The occurrence remembered lies in the past and still belongs to the schedule. */
function isMissed(status: TimerStatus, schedule: Schedule, now: Date): boolean {
  return status.next < now && nextOf(status, schedule).getTime() === status.next.getTime()
}

function nextOf(status: TimerStatus, schedule: Schedule): Date {
  return schedule.next(status.lastUpdated)
}

function timerInfo(status: TimerStatus | undefined, isPastDue: boolean) {
  return {
    Schedule: { AdjustForDST: true },
    ScheduleStatus: status === undefined ? null : toScheduleStatus(status),
    IsPastDue: isPastDue,
  }
}
