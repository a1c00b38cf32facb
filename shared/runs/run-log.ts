import type { Ports } from '../ports.ts'

/** Where a run's log is kept: one JSON object a line, oldest first. */
export const runLogPath = (runId: string) => `logs/${runId}.ndjson`

/** Adds lines to the run's log, each with the time. */
export async function appendRunLog(
  runId: string,
  records: readonly Record<string, unknown>[],
  { blobs, clock }: Pick<Ports, 'blobs' | 'clock'>,
): Promise<void> {
  if (records.length === 0) return
  const at = new Date(clock()).toISOString()
  const lines = records.map(record => `${JSON.stringify({ at, ...record })}\n`)
  await blobs.append(runLogPath(runId), lines.join(''))
}
