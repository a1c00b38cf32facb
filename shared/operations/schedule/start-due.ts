import type { Documents, Ports, Versioned } from '../../ports.ts'
import type { Jobs } from '../../runs/stage.ts'
import { startRun } from '../../runs/start-run.ts'
import { collections } from '../../schemas/collections.ts'
import { AppError } from '../../schemas/errors.ts'
import type { BatchScheduleState, ScheduleName, ScheduleState } from '../../schemas/schedule.ts'
import { lastDue } from './due-times.ts'
import { type Schedules, scheduledJobs } from './scheduled-jobs.ts'
import {
  readBatchSchedule,
  readScheduleState,
  type ScheduleInForce,
  schedulesInForce,
  scheduleText,
} from './schedules-in-force.ts'

/**
 * Starts the jobs whose time has come since the last look, each once however many of its times were missed. Whose kind is
 * at work waits for that run to end. Two looks at the same time, and one after a crash, start nothing twice: a run's id is
 * made of the job and its due time.
 * @param of.refreshEveryMs the least time between due times of refreshes: those between are passed over, to save money
 */
export async function startDue(
  defaults: Schedules,
  { jobs, ports, refreshEveryMs = 0 }: { jobs: Jobs; ports: Ports; refreshEveryMs?: number },
): Promise<void> {
  const { documents, clock } = ports
  const [set, stored] = await Promise.all([readBatchSchedule(documents), readScheduleState(documents)])
  const now = clock()
  const inForce = new Map(schedulesInForce(set?.document, defaults).map(each => [each.name, each]))
  const before = stored?.document.jobs ?? {}
  const after: BatchScheduleState['jobs'] = { ...before }
  const failures: unknown[] = []
  for (const name of Object.keys(scheduledJobs) as ScheduleName[]) {
    const schedule = inForce.get(name)
    if (!schedule) continue
    try {
      after[name] = await looked(schedule, {
        before: before[name],
        now,
        jobs,
        ports,
        leastMs: name === 'refresh' ? refreshEveryMs : 0,
      })
    } catch (cause) {
      // One job that cannot be started keeps no other from it; it is tried again at the next look.
      failures.push(cause)
    }
  }
  await keepState(after, stored, documents)
  if (failures.length > 0)
    throw failures.length === 1 ? failures[0] : new AggregateError(failures, 'Jobs did not start')
}

async function keepState(
  jobs: BatchScheduleState['jobs'],
  stored: Versioned<BatchScheduleState> | undefined,
  documents: Documents,
): Promise<void> {
  if (JSON.stringify(jobs) === JSON.stringify(stored?.document.jobs)) return
  const state: BatchScheduleState = { id: 'batch-schedule-state', jobs }
  // Whoever looked at the same moment found the same: a lost race loses nothing.
  if (stored) await documents.replace(collections.batchScheduleState, state, stored.etag)
  else await documents.create(collections.batchScheduleState, state)
}

interface Look {
  before: ScheduleState | undefined
  now: number
  jobs: Jobs
  ports: Ports
  /** From the due time before to one that counts. */
  leastMs: number
}

async function looked(
  { name, schedule, setAt }: ScheduleInForce,
  { before, now, jobs, ports, leastMs }: Look,
): Promise<ScheduleState> {
  const text = scheduleText(schedule)
  const state = before?.schedule === text ? before : newlyInForce(text, { before, setAt, now })
  const due = lastDue(schedule, { since: Date.parse(state.since), now })
  if (due === undefined || due - Date.parse(state.since) < leastMs) return state
  const dueAt = new Date(due).toISOString()
  const { kind, refit, scope } = scheduledJobs[name]
  try {
    const idempotencyKey = `schedule ${name} due ${dueAt}`
    const { run } = await startRun(kind, { trigger: 'timer', idempotencyKey, refit, scope, jobs }, ports)
    const { waiting: _, ...rest } = state
    return { ...rest, since: dueAt, run_id: run.run_id, started_at: new Date(now).toISOString() }
  } catch (cause) {
    if (!(cause instanceof AppError) || cause.code !== 'job_running') throw cause
    if (state.waiting === undefined) ports.log.info({ stage: 'schedule', job: name, due: dueAt, waits: cause.message })
    return { ...state, waiting: state.waiting ?? dueAt }
  }
}

/** Times before a schedule was set are not missed ones; one that came with a deployment holds from now on. */
function newlyInForce(
  schedule: string,
  { before, setAt, now }: { before: ScheduleState | undefined; setAt: number | undefined; now: number },
): ScheduleState {
  const { waiting: _, ...rest } = before ?? {}
  const since = Math.max(setAt ?? now, before ? Date.parse(before.since) : 0)
  return { ...rest, schedule, since: new Date(since).toISOString() }
}
