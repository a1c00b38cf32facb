import type { Documents } from '../ports.ts'
import { collections } from '../schemas/collections.ts'
import type { TrialRecord, TuningTrial } from '../schemas/tuning.ts'

/** The trials of a tune job, in the order they were planned. */
export async function readTrials(runId: string, documents: Documents): Promise<TrialRecord[]> {
  const found: TrialRecord[] = []
  const equal = { type: 'trial' } as const
  for await (const page of documents.query(collections.trials, { partition: runId, equal })) found.push(...page)
  return found.sort((a, b) => a.round - b.round || a.number - b.number)
}

/** Those that are done, in the order they were planned. */
export async function doneTrials(runId: string, documents: Documents): Promise<TuningTrial[]> {
  return (await readTrials(runId, documents)).flatMap(({ trial }) => trial ?? [])
}
