import type { Documents, Ports, Versioned } from '../ports.ts'
import { collections } from '../schemas/collections.ts'
import type { ChunkRecord, Completion, JobKind, Run, RunMessage } from '../schemas/run.ts'

/** Where the lease of a kind is kept. */
export const leaseKey = (kind: JobKind) => ({ id: 'lease', partition: `lease-${kind}` })

const chunkId = (stage: string, chunk: number) => `chunk-${stage}-${chunk}`
const completionId = (stage: string, chunk: number) => `done-${stage}-${chunk}`

/** Where a stage's plan is kept: the chunks as JSON, made once. */
export const planPath = (runId: string, stage: string) => `runs/${runId}/plans/${stage}.json`

export async function findRun(runId: string, documents: Documents): Promise<Versioned<Run> | undefined> {
  return documents.read(collections.runs, { id: 'run', partition: runId })
}

type ChunkOf = { run_id: string; stage: string; chunk: number }

export async function findChunk(
  { run_id, stage, chunk }: ChunkOf,
  documents: Documents,
): Promise<ChunkRecord | undefined> {
  const found = await documents.read(collections.chunkRecords, { id: chunkId(stage, chunk), partition: run_id })
  return found?.document
}

export async function writeChunk(
  of: ChunkOf,
  state: Pick<ChunkRecord, 'attempts' | 'fraction' | 'error'>,
  { documents, clock }: Pick<Ports, 'documents' | 'clock'>,
): Promise<void> {
  const { run_id, stage, chunk } = of
  await documents.upsert(collections.chunkRecords, {
    id: chunkId(stage, chunk),
    type: 'chunk',
    run_id,
    stage,
    chunk,
    ...state,
    seen_at: new Date(clock()).toISOString(),
  })
}

/** Completed chunks of a stage, in no order. */
export async function completions(runId: string, stage: string, documents: Documents): Promise<Completion[]> {
  const found: Completion[] = []
  const equal = { type: 'completion', stage } as const
  for await (const page of documents.query(collections.completions, { partition: runId, equal })) found.push(...page)
  return found
}

/** Chunks of a stage that were begun or given out again, in no order. */
export async function chunkRecords(runId: string, stage: string, documents: Documents): Promise<ChunkRecord[]> {
  const found: ChunkRecord[] = []
  const equal = { type: 'chunk', stage } as const
  for await (const page of documents.query(collections.chunkRecords, { partition: runId, equal })) found.push(...page)
  return found
}

export async function isCompleted({ run_id, stage, chunk }: ChunkOf, documents: Documents): Promise<boolean> {
  const key = { id: completionId(stage, chunk), partition: run_id }
  return (await documents.read(collections.completions, key)) !== undefined
}

/** Create only: the second worker to finish a chunk changes nothing. */
export async function complete(of: ChunkOf, metrics: Completion['metrics'], documents: Documents): Promise<void> {
  const { run_id, stage, chunk } = of
  const id = completionId(stage, chunk)
  await documents.create(collections.completions, { id, type: 'completion', run_id, stage, chunk, metrics })
}

/** The message that asks for a stage to be planned. */
export const planMessage = (runId: string, stage: string): RunMessage => ({ run_id: runId, stage, chunk: 'plan' })

/** Gives the lease back, unless a later run holds it already. */
export async function releaseLease(run: Run, documents: Documents): Promise<void> {
  const lease = await documents.read(collections.leases, leaseKey(run.kind))
  if (lease?.document.holder !== run.run_id) return
  const { holder: _, ...free } = lease.document
  await documents.replace(collections.leases, free, lease.etag)
}
