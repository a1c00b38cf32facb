import type { Ports, Versioned } from '../ports.ts'
import { collections } from '../schemas/collections.ts'
import { AppError } from '../schemas/errors.ts'
import type { JobKind, Lease } from '../schemas/run.ts'
import { findRun, leaseKey } from './ledger.ts'

/** A lease whose holder never wrote its run: the starter crashed in between, and others may go on after this. */
const unwrittenRunAfterMs = 30_000

/**
 * The token of the lease of a kind, for a run. A repeated call finds the lease held by its own run and takes nothing anew.
 * @throws AppError `job_running`, naming the run that holds it
 */
export async function takeLease(kind: JobKind, runId: string, ports: Ports): Promise<number> {
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

/** Whether a run holds the leases of all these kinds. */
export async function holdsLeases(
  runId: string,
  kinds: readonly JobKind[],
  { documents }: Pick<Ports, 'documents'>,
): Promise<boolean> {
  const leases = await documents.readAll(collections.leases, kinds.map(leaseKey))
  return leases.every(lease => lease?.document.holder === runId)
}

/** Whether a run of any of these kinds is at work. */
export async function isRunning(kinds: readonly JobKind[], { documents }: Pick<Ports, 'documents'>): Promise<boolean> {
  const leases = await documents.readAll(collections.leases, kinds.map(leaseKey))
  const holders = leases.flatMap(lease => lease?.document.holder ?? [])
  const runs = await Promise.all(holders.map(holder => findRun(holder, documents)))
  return runs.some(run => run?.document.status === 'running')
}
