import { readBudget, refreshEveryMs } from '../../operations/cost/budget.ts'
import { nextDue } from '../../operations/schedule/due-times.ts'
import { type Schedules, scheduledJobs } from '../../operations/schedule/scheduled-jobs.ts'
import {
  readBatchSchedule,
  readScheduleState,
  type ScheduleInForce,
  schedulesInForce,
  scheduleText,
  withSchedules,
} from '../../operations/schedule/schedules-in-force.ts'
import type { Ports } from '../../ports.ts'
import { findRun } from '../../runs/ledger.ts'
import { collections } from '../../schemas/collections.ts'
import { BatchScheduleAnswer, BatchScheduleBody } from '../../schemas/configuration.ts'
import type { BatchSchedule, BatchScheduleState } from '../../schemas/schedule.ts'
import { access } from '../access.ts'
import { type Endpoint, endpoint } from '../endpoint.ts'
import { changedMeanwhile, checkPreconditions, entityTag } from '../if-match.ts'

type Need = { ports: Ports; schedules: Schedules }
type Item = BatchScheduleAnswer['items'][number]

export const getBatchSchedule = ({ ports, schedules }: Need): Endpoint =>
  endpoint({
    name: 'batch-schedule',
    method: 'GET',
    path: '/api/config/batch-schedule',
    access: access.operate,
    group: 'configuration',
    summary: 'When each job runs, next and last; the header etag is what if-match of a change takes',
    output: BatchScheduleAnswer,
    headers: ['etag'],
    run: async () => {
      const stored = await readBatchSchedule(ports.documents)
      const headers = { etag: entityTag(stored?.etag ?? unset) }
      return { headers, body: await answer(stored?.document, { ports, schedules }) }
    },
  })

export const putBatchSchedule = ({ ports, schedules }: Need): Endpoint =>
  endpoint({
    name: 'batch-schedule-set',
    method: 'PUT',
    path: '/api/config/batch-schedule',
    access: access.administer,
    group: 'configuration',
    summary:
      'Sets when jobs run, in force within a minute: NCRONTAB in UTC, every so many seconds, or off; what is left out goes by the app’s setting',
    input: { body: BatchScheduleBody },
    output: BatchScheduleAnswer,
    headers: ['etag'],
    refuses: ['precondition_failed'],
    run: async ({ body }, request) => {
      const { documents, clock, log } = ports
      const stored = await readBatchSchedule(documents)
      checkPreconditions(request, stored?.etag ?? unset)
      const wanted = withSchedules(stored?.document, body.schedules, new Date(clock()).toISOString())
      const written = stored
        ? await documents.replace(collections.batchSchedule, wanted, stored.etag)
        : await documents.create(collections.batchSchedule, wanted)
      if (!written) throw changedMeanwhile()
      log.info({ stage: 'batch-schedule', set: Object.keys(body.schedules) })
      return { headers: { etag: entityTag(written.etag) }, body: await answer(wanted, { ports, schedules }) }
    },
  })

/** Version of a schedule that nobody has set yet. */
const unset = 'unset'

async function answer(stored: BatchSchedule | undefined, { ports, schedules }: Need): Promise<BatchScheduleAnswer> {
  const [state, budget] = await Promise.all([readScheduleState(ports.documents), readBudget(ports)])
  const jobs = state?.document.jobs ?? {}
  const items = schedulesInForce(stored, schedules).map(each => {
    const leastMs = each.name === 'refresh' ? refreshEveryMs(budget) : 0
    return scheduled(each, { jobs, ports, schedules, leastMs })
  })
  return { items: await Promise.all(items), next_cursor: null }
}

async function scheduled(
  { name, schedule, isDefault, setAt }: ScheduleInForce,
  { jobs, ports, schedules, leastMs }: Need & { jobs: BatchScheduleState['jobs']; leastMs: number },
): Promise<Item> {
  const now = ports.clock()
  const state = jobs[name]
  const isCounted = state?.schedule === scheduleText(schedule)
  const since = isCounted ? Date.parse(state.since) : (setAt ?? now)
  const next = nextDue(schedule, { since, now, leastMs })
  const run = state?.run_id === undefined ? undefined : await findRun(state.run_id, ports.documents)
  return {
    ...{ name, kind: scheduledJobs[name].kind, schedule, is_default: isDefault, default: schedules[name] },
    slowed_to_hours: leastMs > 0 ? leastMs / 3_600_000 : null,
    next_run_at: next === undefined ? null : new Date(next).toISOString(),
    last_run_at: state?.started_at ?? null,
    last_job: state?.run_id ?? null,
    last_status: run?.document.status ?? null,
    waiting_since: (isCounted && state.waiting) || null,
  }
}
