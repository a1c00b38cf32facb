import type { Ports } from '../ports.ts'
import type { RunMessage } from '../schemas/run.ts'
import { failRun } from './end-run.ts'
import { findChunk, findRun } from './ledger.ts'

/** A message the queue gave up on fails its run, with the last error that was kept for the chunk. */
export async function failPoisoned(message: RunMessage, ports: Ports): Promise<void> {
  const { run_id, stage, round, chunk } = message
  const kind = (await findRun(run_id, ports.documents))?.document.kind
  ports.telemetry.count('poisoned_messages_total', {})
  ports.log.error({ event: 'poisoned', stage: 'run', run: run_id, kind, at: stage, round, chunk })
  if (chunk === 'plan') {
    await failRun(run_id, `Stage ${stage} could not be planned: its message was tried until the queue gave up`, ports)
    return
  }
  const record = await findChunk({ run_id, stage, round, chunk }, ports.documents)
  const error = record?.error ?? 'no error was kept'
  await failRun(run_id, `Stage ${stage}, chunk ${chunk} failed ${record?.attempts ?? 0} times: ${error}`, ports)
}
