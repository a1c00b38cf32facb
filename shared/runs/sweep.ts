import type { Documents, Ports } from '../ports.ts'
import { collections } from '../schemas/collections.ts'
import { type Run, runQueue } from '../schemas/run.ts'
import { chunkRecords, completions, planMessage, writeChunk } from './ledger.ts'

/**
 * Mends what a crash left behind, once a minute: gives out again the chunks that show no sign of life, and rounds that
 * were reached but never planned or moved. Harmless on a healthy run.
 */
export async function sweep(
  options: { silentAfterMs: number },
  ports: Ports,
): Promise<{ running: number; givenOutAgain: number }> {
  const { documents, clock } = ports
  let running = 0
  let givenOutAgain = 0
  for (const run of await runningRuns(documents)) {
    running += 1
    const silentSince = new Date(clock() - options.silentAfterMs).toISOString()
    if (run.moved_at <= silentSince) givenOutAgain += await giveOutAgain(run, silentSince, ports)
  }
  if (givenOutAgain > 0) ports.log.warn({ stage: 'sweep', running, givenOutAgain })
  return { running, givenOutAgain }
}

async function giveOutAgain(run: Run, silentSince: string, ports: Ports): Promise<number> {
  const { documents, queue } = ports
  const state = run.stages[run.stage]
  if (!state) return 0
  const round = { run_id: run.run_id, stage: state.name, round: state.round }
  const again = planMessage(round)
  if (state.chunks === undefined) {
    // Planning twice is harmless, so a planner that is merely slow costs one message a minute at worst.
    await queue.send(runQueue, again)
    return 1
  }
  const done = new Set((await completions(round, documents)).map(({ chunk }) => chunk))
  const records = new Map((await chunkRecords(round, documents)).map(record => [record.chunk, record]))
  const missing = Array.from({ length: state.chunks }, (_, chunk) => chunk).filter(chunk => !done.has(chunk))
  if (missing.length === 0) {
    // All complete, nobody passed the barrier: any finished chunk's message makes somebody try.
    await queue.send(runQueue, state.chunks === 0 ? again : { ...again, chunk: 0 })
    return 1
  }
  const silent = missing.filter(chunk => (records.get(chunk)?.seen_at ?? '') <= silentSince)
  for (const chunk of silent) {
    const { attempts = 0, error } = records.get(chunk) ?? {}
    const place = { ...round, chunk }
    await writeChunk(place, { attempts, fraction: 0, ...(error === undefined ? {} : { error }) }, ports)
    await queue.send(runQueue, place)
  }
  return silent.length
}

async function runningRuns(documents: Documents): Promise<Run[]> {
  const found: Run[] = []
  const equal = { type: 'run', status: 'running' } as const
  for await (const page of documents.query(collections.runs, { equal })) found.push(...page)
  return found
}
