import type { Ports } from '../ports.ts'
import { collections } from '../schemas/collections.ts'
import { type JobKind, type Run, type RunScope, runQueue } from '../schemas/run.ts'
import { takeLease } from './lease.ts'
import { findRun, planMessage } from './ledger.ts'
import type { Jobs } from './stage.ts'

/**
 * Starts a run of `kind` and gives its first message to the queue; the same `idempotencyKey` gives the run it started
 * before. One run of a kind at a time. `refit` asks a refresh to fit all factors anew,
 * `scope` tells the lake how far to go. `prepare` keeps what the run is to work on, before there is a run that asks for it;
 * after a crash it may be called again.
 * @throws AppError `job_running`, naming the run that holds the lease
 */
export const startRun = (kind: JobKind, options: StartOptions, ports: Ports): Promise<{ run: Run; started: boolean }> =>
  ports.telemetry.span(`start ${kind}`, {}, () => start(kind, options, ports))

interface StartOptions {
  trigger: string
  idempotencyKey?: string | undefined
  refit?: boolean | undefined
  scope?: RunScope | undefined
  prepare?: ((runId: string) => Promise<void>) | undefined
  jobs: Jobs
}

async function start(kind: JobKind, options: StartOptions, ports: Ports): Promise<{ run: Run; started: boolean }> {
  const { documents, clock, queue, uuid, sha256 } = ports
  const unique = options.idempotencyKey === undefined ? uuid() : sha256(`${kind}\n${options.idempotencyKey}`)
  const runId = `${kind}-${unique.replaceAll('-', '').slice(0, 16)}`
  const existing = await findRun(runId, documents)
  if (existing) return { run: existing.document, started: false }

  const stages = options.jobs[kind]?.stages ?? []
  const first = stages[0]
  if (!first) throw new RangeError(`Cannot start a run as the job has no stages: current kind is ${kind}`)
  const token = await takeLease(kind, runId, ports)
  await options.prepare?.(runId)
  const now = new Date(clock()).toISOString()
  const traceparent = ports.telemetry.traceparent()
  const run: Run = {
    id: 'run',
    type: 'run',
    run_id: runId,
    kind,
    status: 'running',
    stage: 0,
    stages: stages.map(({ name }) => ({ name, round: 0 })),
    token,
    trigger: options.trigger,
    ...(options.refit ? { refit: true } : {}),
    ...(options.scope ? { scope: options.scope } : {}),
    ...(traceparent === undefined ? {} : { traceparent }),
    created_at: now,
    moved_at: now,
  }
  if (!(await documents.create(collections.runs, run))) {
    const other = await findRun(runId, documents)
    if (other) return { run: other.document, started: false }
  }
  await queue.send(runQueue, planMessage({ run_id: runId, stage: first.name, round: 0 }))
  return { run, started: true }
}
