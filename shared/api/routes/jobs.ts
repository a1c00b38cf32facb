import type { z } from 'zod'
import { appsOf, gbOf } from '../../operations/cost/deployments.ts'
import type { Ports } from '../../ports.ts'
import { cancelRun } from '../../runs/end-run.ts'
import { findRun } from '../../runs/ledger.ts'
import { dollarsOf } from '../../runs/request-units.ts'
import { restartRun } from '../../runs/restart-run.ts'
import { runProgress } from '../../runs/run-progress.ts'
import type { Jobs } from '../../runs/stage.ts'
import { startRun } from '../../runs/start-run.ts'
import { readTrials } from '../../runs/trials.ts'
import { type JobAnswer, JobList, JobStatus, TriggeredJob } from '../../schemas/answers.ts'
import { collections } from '../../schemas/collections.ts'
import { AppError } from '../../schemas/errors.ts'
import { prices } from '../../schemas/prices.ts'
import { JobPath, JobStatusQuery, JobsQuery, TriggerBody } from '../../schemas/requests.ts'
import type { Run } from '../../schemas/run.ts'
import { access } from '../access.ts'
import { type Endpoint, endpoint } from '../endpoint.ts'
import { idempotencyKey } from '../idempotency-key.ts'
import { newestPage } from '../lists/newest-page.ts'
import type { CostNeed } from './costs.ts'

type Need = { ports: Ports; jobs: Jobs; dollarsPerMillionRequestUnits: number; cost: CostNeed }

export const triggerJob = ({ ports, jobs }: Pick<Need, 'ports' | 'jobs'>): Endpoint =>
  endpoint({
    name: 'batch-trigger',
    method: 'POST',
    path: '/api/batch/trigger',
    access: access.operate,
    group: 'jobs',
    summary:
      'Starts a job now, or with restart lets a failed one go on where it stopped; the header idempotency-key makes a repeated call give the same job',
    input: { body: TriggerBody },
    status: 202,
    output: TriggeredJob,
    refuses: ['job_running', 'unknown_job', 'not_restartable'],
    run: async ({ body }, request) => {
      // A repeat after a crash, which left no answer to be given again, finds the run by the key.
      const key = idempotencyKey(request)
      const kind = body.job ?? 'refresh'
      const { run, started } =
        body.restart === undefined
          ? await startRun(kind, { trigger: 'http', idempotencyKey: key, refit: body.refit, jobs }, ports)
          : await restartRun(body.restart, ports)
      const job = run.run_id
      return {
        body: { job, started, status_url: `/api/batch/status?job=${job}`, logs_url: `/api/batch/logs/${job}` },
      }
    },
  })

export const jobStatus = (need: Need): Endpoint =>
  endpoint({
    name: 'batch-status',
    method: 'GET',
    path: '/api/batch/status',
    access: access.operate,
    group: 'jobs',
    summary: 'How far a job is: percent, time left, errors; without ?job= the newest of its kind',
    input: { query: JobStatusQuery },
    output: JobStatus,
    refuses: ['unknown_job'],
    run: async ({ query }) => {
      const { job, kind } = query
      const run =
        job === undefined
          ? (await newestRuns({ kind, limit: 1 }, need.ports)).shown[0]
          : await knownRun(job, need.ports)
      return { body: run ? await jobAnswer(run, need) : { status: 'never_run' as const, kind } }
    },
  })

export const listJobs = (need: Need): Endpoint =>
  endpoint({
    name: 'batch-jobs',
    method: 'GET',
    path: '/api/batch/jobs',
    access: access.operate,
    group: 'jobs',
    summary: 'The newest jobs first',
    input: { query: JobsQuery },
    output: JobList,
    run: async ({ query }) => {
      const { shown, next_cursor } = await newestRuns(query, need.ports)
      return { body: { items: await Promise.all(shown.map(run => jobAnswer(run, need))), next_cursor } }
    },
  })

export const cancelJob = (need: Need): Endpoint =>
  endpoint({
    name: 'batch-cancel',
    method: 'POST',
    path: '/api/batch/jobs/{job}/cancel',
    access: access.operate,
    group: 'jobs',
    summary: 'Ends a job: workers stop after the chunk they are at; a job that has ended is left as it is',
    input: { path: JobPath },
    output: JobStatus,
    refuses: ['unknown_job'],
    run: async ({ path: { job } }, { caller }) => {
      await knownRun(job, need.ports)
      await cancelRun(job, caller.kind === 'service' ? caller.name : caller.kind, need.ports)
      return { body: await jobAnswer(await knownRun(job, need.ports), need) }
    },
  })

/** @throws AppError `unknown_job` */
export async function knownRun(job: string, { documents }: Pick<Ports, 'documents'>): Promise<Run> {
  const run = await findRun(job, documents)
  if (run) return run.document
  throw new AppError('unknown_job', `There is no job ${job}: see /api/batch/jobs`, [
    { code: 'unknown', field: 'job', value: job, reason: 'is not known' },
  ])
}

function newestRuns(
  { kind, status, limit, cursor }: z.infer<typeof JobsQuery>,
  { documents }: Pick<Ports, 'documents'>,
): Promise<{ shown: Run[]; next_cursor: string | null }> {
  const equal = { type: 'run', kind, status } as const
  const wanted = { equal, newestBy: 'created_at', idOf: (run: Run) => run.run_id, limit, cursor } as const
  return newestPage(collections.runs, wanted, documents)
}

async function jobAnswer(run: Run, need: Need): Promise<JobAnswer> {
  const { ports, jobs, dollarsPerMillionRequestUnits: price, cost } = need
  const spent = (what: 'request_units' | 'duration_ms') =>
    run.stages.reduce((sum, { metrics }) => sum + (metrics?.[what] ?? 0), 0)
  const requestUnits = spent('request_units')
  const gbSeconds = (spent('duration_ms') / 1000) * gbOf(appsOf(cost().deployment).working)
  const { percent, secondsElapsed, secondsLeft, chunksDone } = await runProgress(run, jobs, ports)
  return {
    job: run.run_id,
    kind: run.kind,
    status: run.status,
    stage: run.status === 'running' ? (run.stages[run.stage]?.name ?? null) : null,
    percent,
    seconds_elapsed: secondsElapsed,
    seconds_left: secondsLeft ?? null,
    trigger: run.trigger,
    refit: run.refit ?? false,
    created_at: run.created_at,
    completed_at: run.completed_at ?? null,
    error: run.error ?? null,
    request_units: requestUnits,
    gb_seconds: Math.round(gbSeconds * 10) / 10,
    dollars: roundedDollars(dollarsOf(requestUnits, price) + gbSeconds * prices.flex.onDemand.gbSecond),
    ...(run.kind === 'tune' ? { trials: await trialsOf(run.run_id, ports) } : {}),
    stages: run.stages.map(({ before, share: _, ...state }, index) => ({
      ...state,
      ...(state.chunks === undefined && before === undefined
        ? {}
        : { chunks: (before?.chunks ?? 0) + (state.chunks ?? 0) }),
      chunks_done:
        index === run.stage && run.status === 'running' ? chunksDone : state.completed_at ? (state.chunks ?? 0) : 0,
    })),
  }
}

/** To a hundredth of a cent. */
const roundedDollars = (dollars: number): number => Math.round(dollars * 10_000) / 10_000

async function trialsOf(runId: string, { documents }: Pick<Ports, 'documents'>): Promise<JobAnswer['trials']> {
  return (await readTrials(runId, documents)).map(({ id, status, started_at, parameters, trial }) => ({
    ...{ trial: id, status, started_at, seconds: trial?.seconds ?? null, metrics: trial?.metrics ?? null, parameters },
  }))
}
