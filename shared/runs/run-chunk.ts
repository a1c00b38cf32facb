import type { Ports } from '../ports.ts'
import type { Run } from '../schemas/run.ts'
import { failRun } from './end-run.ts'
import { type ChunkOf, complete, findChunk, isCompleted, writeChunk } from './ledger.ts'
import { appendRunLog } from './run-log.ts'
import { RunFailure, type Stage, type StageContext } from './stage.ts'

/** A chunk begun more often than this fails its run: something in it kills the worker. */
const attemptsMax = 5
const signOfLifeMs = 2_000

/**
 * Runs one chunk and writes its completion. True when the chunk is complete, now or before; false when the run failed.
 * @throws what the stage throws, after the error is kept with the chunk
 */
export async function runChunk(
  place: ChunkOf,
  work: { stage: Stage; input: unknown; run: Run; ports: Ports },
): Promise<boolean> {
  const { stage, input, run, ports } = work
  if (await isCompleted(place, ports.documents)) return true
  const before = await findChunk(place, ports.documents)
  const attempts = (before?.attempts ?? 0) + 1
  if (attempts > attemptsMax) {
    const cause = before?.error ?? 'its worker ended without an error, as when memory runs out'
    const name = `Stage ${place.stage}, chunk ${place.chunk}`
    await failRun(run.run_id, `${name} was begun ${attemptsMax} times without success: ${cause}`, ports)
    return false
  }
  await writeChunk(place, { attempts, fraction: 0 }, ports)

  const notes: Record<string, unknown>[] = []
  const of = { stage: stage.name, round: place.round, chunk: place.chunk }
  const metered: Ports = { ...ports, documents: ports.documents.metered() }
  const context: StageContext = {
    runId: run.run_id,
    token: run.token,
    createdAt: run.created_at,
    refit: run.refit,
    scope: run.scope,
    ports: metered,
    progress: signsOfLife(place, attempts, ports),
    note: record => notes.push({ level: 'info', ...of, ...record }),
  }
  const started = ports.clock()
  try {
    const counted = await stage.run(input, context)
    const duration_ms = ports.clock() - started
    const metrics = { ...counted, request_units: Math.round(metered.documents.requestUnits), duration_ms }
    notes.push({ level: 'info', ...of, ...metrics })
    ports.log.info({ run: run.run_id, ...of, ...metrics })
    await complete(place, metrics, ports.documents)
    ports.telemetry.count('chunks_total', { kind: run.kind, outcome: 'completed' })
    return true
  } catch (cause) {
    ports.telemetry.count('chunks_total', { kind: run.kind, outcome: 'failed' })
    const error = ports.redact(cause instanceof Error ? cause.message : String(cause))
    notes.push({ level: 'error', ...of, attempt: attempts, error })
    if (cause instanceof RunFailure) {
      await failRun(run.run_id, error, ports)
      return false
    }
    await writeChunk(place, { attempts, fraction: 0, error }, ports)
    throw cause
  } finally {
    await appendRunLog(run.run_id, notes, ports)
  }
}

function signsOfLife(place: ChunkOf, attempts: number, ports: Ports): (fraction: number) => Promise<void> {
  let last = ports.clock()
  return async fraction => {
    if (ports.clock() - last < signOfLifeMs) return
    last = ports.clock()
    await writeChunk(place, { attempts, fraction: Math.min(1, Math.max(0, fraction)) }, ports)
  }
}
