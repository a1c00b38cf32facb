import type { Documents, Ports, Versioned } from '../ports.ts'
import { collections } from '../schemas/collections.ts'
import type { ChunkRecord, Completion, JobKind, Run, RunMessage } from '../schemas/run.ts'

/** Where the lease of a kind is kept. */
export const leaseKey = (kind: JobKind) => ({ id: 'lease', partition: `lease-${kind}` })

/** A round of a stage of a run. */
export interface RoundOf {
  run_id: string
  stage: string
  round: number
}

/** A chunk of a round. */
export interface ChunkOf extends RoundOf {
  chunk: number
}

const chunkId = ({ stage, round, chunk }: ChunkOf) => `chunk-${stage}-${round}-${chunk}`
const completionId = ({ stage, round, chunk }: ChunkOf) => `done-${stage}-${round}-${chunk}`

/** Where a round's plan is kept as JSON, made once. */
export const planPath = ({ run_id, stage, round }: RoundOf) => `runs/${run_id}/plans/${stage}-${round}.json`

export async function findRun(runId: string, documents: Documents): Promise<Versioned<Run> | undefined> {
  return documents.read(collections.runs, { id: 'run', partition: runId })
}

export async function findChunk(of: ChunkOf, documents: Documents): Promise<ChunkRecord | undefined> {
  const found = await documents.read(collections.chunkRecords, { id: chunkId(of), partition: of.run_id })
  return found?.document
}

export async function writeChunk(
  of: ChunkOf,
  state: Pick<ChunkRecord, 'attempts' | 'fraction' | 'error'>,
  { documents, clock }: Pick<Ports, 'documents' | 'clock'>,
): Promise<void> {
  const { run_id, stage, round, chunk } = of
  await documents.upsert(collections.chunkRecords, {
    id: chunkId(of),
    type: 'chunk',
    run_id,
    stage,
    round,
    chunk,
    ...state,
    seen_at: new Date(clock()).toISOString(),
  })
}

/** Completed chunks of a round, or of all rounds of a stage, in no order. */
export async function completions(
  { run_id: partition, stage, round }: Omit<RoundOf, 'round'> & Partial<RoundOf>,
  documents: Documents,
): Promise<Completion[]> {
  const found: Completion[] = []
  const equal = { type: 'completion', stage, round } as const
  for await (const page of documents.query(collections.completions, { partition, equal })) found.push(...page)
  return found
}

/** Chunks of a round that were begun or given out again, in no order. */
export async function chunkRecords(
  { run_id: partition, stage, round }: RoundOf,
  documents: Documents,
): Promise<ChunkRecord[]> {
  const found: ChunkRecord[] = []
  const equal = { type: 'chunk', stage, round } as const
  for await (const page of documents.query(collections.chunkRecords, { partition, equal })) found.push(...page)
  return found
}

export async function isCompleted(of: ChunkOf, documents: Documents): Promise<boolean> {
  const key = { id: completionId(of), partition: of.run_id }
  return (await documents.read(collections.completions, key)) !== undefined
}

/** Create only: the second worker to finish a chunk changes nothing. */
export async function complete(of: ChunkOf, metrics: Completion['metrics'], documents: Documents): Promise<void> {
  const { run_id, stage, round, chunk } = of
  const id = completionId(of)
  await documents.create(collections.completions, { id, type: 'completion', run_id, stage, round, chunk, metrics })
}

/** The message that asks for a round to be planned. */
export const planMessage = ({ run_id, stage, round }: RoundOf): RunMessage => ({ run_id, stage, round, chunk: 'plan' })

/** Gives the lease back, unless a later run holds it already. */
export async function releaseLease(run: Run, documents: Documents): Promise<void> {
  const lease = await documents.read(collections.leases, leaseKey(run.kind))
  if (lease?.document.holder !== run.run_id) return
  const { holder: _, ...free } = lease.document
  await documents.replace(collections.leases, free, lease.etag)
}
