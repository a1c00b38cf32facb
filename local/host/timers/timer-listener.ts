import type { Invoker } from '../app/invoker.ts'
import { withRetries } from '../app/retry-policy.ts'
import type { Listener } from '../http/http-listener.ts'
import type { LogLine } from '../workers/log-line.ts'
import type { TimerPlan } from '../workers/messages.ts'
import type { Schedule } from './ncrontab.ts'
import { statusAtStart } from './past-due.ts'
import { type TimerStatus, type TimerStatusStore, toScheduleStatus } from './timer-status.ts'

interface TimerListenerOptions {
  plan: Pick<TimerPlan, 'name' | 'bindingName' | 'runOnStartup' | 'retry'>
  schedule: Schedule
  /** Undefined for a timer that is not monitored. */
  store: TimerStatusStore | undefined
  /** Hears of each next occurrence, the first one included; of now when a run begins, retries and all. */
  onNext?: (next: Date) => void
  invoker: Pick<Invoker, 'invoke'>
  log(line: LogLine): void
}

const timeoutMsMax = 2 ** 31 - 1
const earlyMsMax = 100

/**
 * Runs a function on its schedule, never twice at a time. The next occurrence counts from the begin of a run, so one that falls
 * into a long run follows it at once, and any further are left out. An occurrence missed while the host was down is caught up
 * once, at the start, with isPastDue. Source: Azure/azure-webjobs-sdk-extensions, TimerListener.
 */
export async function listenTimer(options: TimerListenerOptions): Promise<Listener> {
  const { plan, schedule, store, log } = options
  const stopping = new AbortController()
  const start = await statusAtStart(schedule, store, new Date())
  let { status } = start
  let timer: NodeJS.Timeout | undefined
  let runs = Promise.resolve()

  const enqueue = (why: 'past due' | 'startup' | 'schedule') => {
    options.onNext?.(new Date())
    runs = runs.then(() => run(why)).then(waitForNext)
  }
  async function run(why: 'past due' | 'startup' | 'schedule'): Promise<void> {
    if (stopping.signal.aborted) return
    const begin = new Date()
    const data = { json: timerInfo(store && status, why === 'past due') }
    const invocation = { functionName: plan.name, bindingName: plan.bindingName, data }
    await withRetries(plan.retry, stopping.signal, retry => options.invoker.invoke({ ...invocation, retry }))
    // A timer of Node may fire a moment early; counting from the due time keeps that occurrence from running twice.
    const last = why === 'schedule' && status.next > begin ? status.next : begin
    status = { last, next: schedule.next(last), lastUpdated: last }
    await store?.write(status).catch((error: Error) => {
      log({ level: 'warning', category: 'system', functionName: plan.name, message: error.message })
    })
  }
  function waitForNext(): void {
    if (stopping.signal.aborted) return
    options.onNext?.(status.next)
    const next = status.next.getTime()
    // An occurrence further off than a timeout can count is reached in several waits.
    const waitMs = Math.min(Math.max(0, next - Date.now()), timeoutMsMax)
    timer = setTimeout(() => (Date.now() < next - earlyMsMax ? waitForNext() : enqueue('schedule')), waitMs)
  }

  if (start.isPastDue) enqueue('past due')
  else if (plan.runOnStartup) enqueue('startup')
  else waitForNext()
  return {
    stop: async () => {
      stopping.abort()
      clearTimeout(timer)
    },
    close: () => runs,
  }
}

/** The function's argument as JSON; without a status for a timer that is not monitored. */
export function timerInfo(status: TimerStatus | undefined, isPastDue: boolean): string {
  return JSON.stringify({
    Schedule: { AdjustForDST: true },
    ScheduleStatus: status === undefined ? null : toScheduleStatus(status),
    IsPastDue: isPastDue,
  })
}
