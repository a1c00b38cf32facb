import type { Ports, Versioned } from '../ports.ts'
import { collections } from '../schemas/collections.ts'
import { AppError } from '../schemas/errors.ts'
import { type JobKind, type Lease, type Run, type RunScope, runQueue } from '../schemas/run.ts'
import { findRun, leaseKey, planMessage } from './ledger.ts'
import type { Jobs } from './stage.ts'

/** A lease whose holder never wrote its run: the starter crashed in between, and others may go on after this. */
const unwrittenRunAfterMs = 30_000

/**
 * Starts a run of `kind` and gives its first message to the queue; the same `idempotencyKey` gives the run it started
 * before. One run of a kind at a time. `refit` asks a refresh to fit all factors anew,
 * `scope` tells the lake how far to go.
 * @throws AppError `job_running`, naming the run that holds the lease
 */
export async function startRun(
  kind: JobKind,
  options: {
    trigger: string
    idempotencyKey?: string | undefined
    refit?: boolean | undefined
    scope?: RunScope | undefined
    jobs: Jobs
  },
  ports: Ports,
): Promise<{ run: Run; started: boolean }> {
  const { documents, clock, queue, uuid, sha256 } = ports
  const unique = options.idempotencyKey === undefined ? uuid() : sha256(`${kind}\n${options.idempotencyKey}`)
  const runId = `${kind}-${unique.replaceAll('-', '').slice(0, 16)}`
  const existing = await findRun(runId, documents)
  if (existing) return { run: existing.document, started: false }

  const stages = options.jobs[kind]?.stages ?? []
  const first = stages[0]
  if (!first) throw new RangeError(`Cannot start a run as the job has no stages: current kind is ${kind}`)
  const token = await takeLease(kind, runId, ports)
  const now = new Date(clock()).toISOString()
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

/** The token of the run's lease. A repeated call finds the lease held by its own run and takes nothing anew. */
async function takeLease(kind: JobKind, runId: string, ports: Ports): Promise<number> {
  const { documents, clock } = ports
  for (;;) {
    const stored = await documents.read(collections.leases, leaseKey(kind))
    if (stored?.document.holder === runId) return stored.document.token
    if (stored) await refuseWhileHeld(kind, stored, ports)
    const token = (stored?.document.token ?? 0) + 1
    const taken_at = new Date(clock()).toISOString()
    const lease: Lease = { id: 'lease', run_id: `lease-${kind}`, token, holder: runId, taken_at }
    const taken = stored
      ? await documents.replace(collections.leases, lease, stored.etag)
      : await documents.create(collections.leases, lease)
    // A lost race is read again: whoever won may be a repeat of this call.
    if (taken) return token
  }
}

async function refuseWhileHeld(kind: JobKind, lease: Versioned<Lease>, { documents, clock }: Ports): Promise<void> {
  const { holder, taken_at: takenAt } = lease.document
  if (holder === undefined) return
  const run = await findRun(holder, documents)
  const unwritten = !run && clock() - Date.parse(takenAt) < unwrittenRunAfterMs
  if (run?.document.status === 'running' || unwritten) {
    throw new AppError(
      'job_running',
      `A ${kind} run is already at work: ${holder}. Wait for it, or look at /api/batch/status`,
    )
  }
}
