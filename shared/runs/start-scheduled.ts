import type { Ports } from '../ports.ts'
import { AppError } from '../schemas/errors.ts'
import type { JobKind, RunScope } from '../schemas/run.ts'
import type { Jobs } from './stage.ts'
import { startRun } from './start-run.ts'

/**
 * Starts a job because its time has come. A timer that fires twice for one due time starts it once; when a run of the
 * kind is still at work, this time is skipped, as the one at work reads what is there.
 */
export async function startScheduled(
  kind: JobKind,
  due: { last: string } | undefined,
  { jobs, ports, refit = false, scope }: { jobs: Jobs; ports: Ports; refit?: boolean; scope?: RunScope },
): Promise<void> {
  try {
    const idempotencyKey =
      due === undefined
        ? undefined
        : [...(refit ? ['refit'] : []), ...(scope ? [scope] : []), 'due after', due.last].join(' ')
    await startRun(kind, { trigger: 'timer', idempotencyKey, refit, scope, jobs }, ports)
  } catch (cause) {
    if (!(cause instanceof AppError) || cause.code !== 'job_running') throw cause
    ports.log.warn({ stage: 'schedule', kind, skipped: cause.message })
  }
}
