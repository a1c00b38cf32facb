import type { Ports, Versioned } from '../ports.ts'
import { collections } from '../schemas/collections.ts'
import type { Run } from '../schemas/run.ts'
import { findRun, releaseLease } from './ledger.ts'
import { appendRunLog } from './run-log.ts'

/** Marks the run failed and lets the next one start; a run that has ended is left as it is. */
export async function failRun(runId: string, error: string, ports: Ports): Promise<void> {
  const { documents, clock, log } = ports
  for (;;) {
    const stored = await findRun(runId, documents)
    if (!stored) return
    if (stored.document.status !== 'running') return releaseLease(stored.document, documents)
    const now = new Date(clock()).toISOString()
    const failed: Run = { ...stored.document, status: 'failed', error, completed_at: now, moved_at: now }
    if (!(await documents.replace(collections.runs, failed, stored.etag))) continue
    await releaseLease(failed, documents)
    await appendRunLog(runId, [{ level: 'error', stage: currentStage(failed), message: 'run failed', error }], ports)
    log.error({ stage: 'run', run: runId, kind: failed.kind, status: 'failed', at: currentStage(failed), error })
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
  log.info({ stage: 'run', run: done.run_id, kind: done.kind, status: 'completed', durationMs })
  return true
}

function currentStage(run: Run): string {
  return run.stages[run.stage]?.name ?? 'end'
}
