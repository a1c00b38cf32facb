import type { Ports } from '../ports.ts'
import { collections } from '../schemas/collections.ts'
import { AppError } from '../schemas/errors.ts'
import { type Lease, type Run, runQueue } from '../schemas/run.ts'
import { chunkRecords, findRun, leaseKey, planMessage, type RoundOf, writeChunk } from './ledger.ts'

/**
 * Lets a failed run go on at the round it had reached: what is complete stays so, its chunks may be tried as often as
 * before. A run at work is given as it is.
 * @throws AppError `unknown_job`; `not_restartable` when it completed, or a later run of the kind began since
 */
export async function restartRun(runId: string, ports: Ports): Promise<{ run: Run; started: boolean }> {
  const { documents, clock, queue } = ports
  for (;;) {
    const stored = await findRun(runId, documents)
    if (!stored) throw new AppError('unknown_job', `There is no job ${runId}: see /api/batch/jobs`)
    const { error: _, completed_at: __, ...failed } = stored.document
    if (failed.status === 'running') return { run: stored.document, started: false }
    const state = failed.stages[failed.stage]
    if (failed.status === 'completed' || !state) {
      throw new AppError('not_restartable', `The job ${runId} is complete: there is nothing to go on with`)
    }
    if (!(await takeLeaseBack(failed, ports))) continue
    const round: RoundOf = { run_id: runId, stage: state.name, round: state.round }
    for (const { chunk } of await chunkRecords(round, documents)) {
      await writeChunk({ ...round, chunk }, { attempts: 0, fraction: 0 }, ports)
    }
    const run: Run = { ...failed, status: 'running', moved_at: new Date(clock()).toISOString() }
    if (!(await documents.replace(collections.runs, run, stored.etag))) continue
    await queue.send(runQueue, planMessage(round))
    return { run, started: true }
  }
}

/** The lease with the run's own token, which no later run may have taken since; false when the race was lost. */
async function takeLeaseBack({ kind, run_id, token }: Run, { documents, clock }: Ports): Promise<boolean> {
  const stored = await documents.read(collections.leases, leaseKey(kind))
  if (!stored || stored.document.token !== token) {
    const later = stored?.document.holder ?? 'which has ended'
    throw new AppError('not_restartable', `The job ${run_id} cannot go on, as a later one began: ${later}`)
  }
  const lease: Lease = { ...stored.document, holder: run_id, taken_at: new Date(clock()).toISOString() }
  return (await documents.replace(collections.leases, lease, stored.etag)) !== undefined
}
