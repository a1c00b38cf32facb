import type { Ports, Versioned } from '../ports.ts'
import { collections } from '../schemas/collections.ts'
import type { Run } from '../schemas/run.ts'
import { findRun, releaseLease } from './ledger.ts'
import { appendRunLog } from './run-log.ts'

/** Marks the run failed and lets the next one start; a run that has ended is left as it is. */
export const failRun = (runId: string, error: string, ports: Ports): Promise<void> =>
  stopRun(runId, { status: 'failed', error }, ports)

/**
 * Ends a run because somebody wants it to: workers stop after the chunk they are at, and the next run of the kind may
 * start. One that has ended is left as it is.
 */
export const cancelRun = (runId: string, by: string, ports: Ports): Promise<void> =>
  stopRun(runId, { status: 'cancelled', error: `Cancelled by ${by}` }, ports)

async function stopRun(
  runId: string,
  { status, error }: { status: 'failed' | 'cancelled'; error: string },
  ports: Ports,
): Promise<void> {
  const { documents, clock, log, telemetry } = ports
  for (;;) {
    const stored = await findRun(runId, documents)
    if (!stored) return
    if (stored.document.status !== 'running') return releaseLease(stored.document, documents)
    const now = new Date(clock()).toISOString()
    const ended: Run = { ...stored.document, status, error, completed_at: now, moved_at: now }
    if (!(await documents.replace(collections.runs, ended, stored.etag))) continue
    await releaseLease(ended, documents)
    await appendRunLog(runId, [{ level: 'error', stage: currentStage(ended), message: `run ${status}`, error }], ports)
    const of = { stage: 'run', run: runId, kind: ended.kind, status, at: currentStage(ended), error }
    tellEnd(ended, status, ports)
    if (status === 'cancelled') log.warn(of)
    else log.error({ event: 'run_failed', ...of })
    if (ended.kind === 'erasure' && status === 'failed') {
      telemetry.count('erasures_total', { status })
      log.error({ event: 'erasure_failed', stage: 'erasure', job: runId, at: of.at, error })
    }
    return
  }
}

/** Marks the run completed; false when another worker moved it first. */
export async function completeRun(stored: Versioned<Run>, ports: Ports): Promise<boolean> {
  const { documents, clock, log } = ports
  const now = new Date(clock()).toISOString()
  const done: Run = { ...stored.document, status: 'completed', completed_at: now, moved_at: now }
  if (!(await documents.replace(collections.runs, done, stored.etag))) return false
  await releaseLease(done, documents)
  const durationMs = Date.parse(now) - Date.parse(done.created_at)
  await appendRunLog(done.run_id, [{ level: 'info', message: 'run completed', duration_ms: durationMs }], ports)
  tellEnd(done, 'completed', ports)
  log.info({
    ...{ event: 'run_completed', stage: 'run', run: done.run_id, kind: done.kind, status: 'completed', durationMs },
  })
  return true
}

function tellEnd(
  { kind, created_at: createdAt }: Run,
  status: Exclude<Run['status'], 'running'>,
  { telemetry, clock }: Pick<Ports, 'telemetry' | 'clock'>,
): void {
  telemetry.count('runs_total', { kind, status })
  telemetry.observe('run_duration_ms', { kind }, clock() - Date.parse(createdAt))
}

function currentStage(run: Run): string {
  return run.stages[run.stage]?.name ?? 'end'
}
