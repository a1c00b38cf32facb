import type { Ports } from '../../ports.ts'
import { isRunning } from '../../runs/lease.ts'
import type { Jobs } from '../../runs/stage.ts'
import { startRun } from '../../runs/start-run.ts'
import { AppError } from '../../schemas/errors.ts'
import type { Run } from '../../schemas/run.ts'
import { otherJobs } from './erase-chunk.ts'
import { openErasures } from './open-erasures.ts'

/** An erasure that failed is begun again after this. */
const againAfterMs = 15 * 60_000

/**
 * Starts a run for all erasures that wait, unless one is at work already or another job is; a minute later it is asked again.
 * Resolves to the run that was started.
 */
export async function startErasures(
  trigger: string,
  { jobs, ports }: { jobs: Jobs; ports: Ports },
): Promise<Run | undefined> {
  const { documents, clock } = ports
  const isDue = (triedAt: string | undefined) => triedAt === undefined || clock() - Date.parse(triedAt) >= againAfterMs
  const due = (await openErasures(documents)).filter(({ tried_at: triedAt }) => isDue(triedAt))
  if (due.length === 0 || (await isRunning(otherJobs, ports))) return undefined
  try {
    return (await startRun('erasure', { trigger, jobs }, ports)).run
  } catch (cause) {
    // The run at work may have begun before the newest request: that one waits for the next.
    if (!(cause instanceof AppError) || cause.code !== 'job_running') throw cause
    return undefined
  }
}
