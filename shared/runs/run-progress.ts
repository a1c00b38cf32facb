import type { Documents, Ports } from '../ports.ts'
import { collections } from '../schemas/collections.ts'
import type { JobKind, Run } from '../schemas/run.ts'
import { chunkRecords, completions } from './ledger.ts'
import type { Jobs } from './stage.ts'

export interface RunProgress {
  percent: number
  secondsElapsed: number
  /** Undefined until there is something to judge by. */
  secondsLeft: number | undefined
  chunksDone: number
}

/**
 * How far a run is. Stages count by the time they took in the newest completed run of the kind, or by their `weight`
 * while there is none; a stage of rounds tells
 * the share each round makes up; within a round, chunks count alike.
 */
export async function runProgress(
  run: Run,
  jobs: Jobs,
  ports: Pick<Ports, 'documents' | 'clock'>,
): Promise<RunProgress> {
  const { documents, clock } = ports
  const end = run.completed_at === undefined ? clock() : Date.parse(run.completed_at)
  const elapsedMs = end - Date.parse(run.created_at)
  const secondsElapsed = Math.round(elapsedMs / 1000)
  if (run.status === 'completed') return { percent: 100, secondsElapsed, secondsLeft: 0, chunksDone: 0 }

  const { doneShare, chunksDone } = await shareOfStage(run, documents)
  const weights = await stageWeights(run.kind, jobs, documents)
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const passed = weights.slice(0, run.stage).reduce((sum, weight) => sum + weight, 0)
  const share = (passed + doneShare * (weights[run.stage] ?? 0)) / total
  const leftMs = share > 0.02 ? (elapsedMs * (1 - share)) / share : undefined
  const secondsLeft = run.status !== 'running' || leftMs === undefined ? undefined : Math.ceil(leftMs / 1000)
  return { percent: Math.min(99, Math.floor(share * 100)), secondsElapsed, secondsLeft, chunksDone }
}

async function shareOfStage(run: Run, documents: Documents): Promise<{ doneShare: number; chunksDone: number }> {
  const state = run.stages[run.stage]
  const before = state?.before ?? { chunks: 0, share: 0 }
  if (!state?.chunks) return { doneShare: before.share, chunksDone: before.chunks }
  const round = { run_id: run.run_id, stage: state.name, round: state.round }
  const done = new Set((await completions(round, documents)).map(({ chunk }) => chunk))
  const begun = (await chunkRecords(round, documents)).filter(({ chunk }) => !done.has(chunk))
  const fractions = begun.reduce((sum, { fraction }) => sum + fraction, 0)
  const shareOfRound = Math.min(1, (done.size + fractions) / state.chunks)
  const doneShare = before.share + shareOfRound * ((state.share ?? 1) - before.share)
  return { doneShare, chunksDone: before.chunks + done.size }
}

async function stageWeights(kind: JobKind, jobs: Jobs, documents: Documents): Promise<number[]> {
  const stages = jobs[kind]?.stages ?? []
  const equal = { type: 'run', kind, status: 'completed' } as const
  for await (const [last] of documents.query(collections.runs, { equal, newestBy: 'created_at', limit: 1 })) {
    const names = last?.stages.map(({ name }) => name).join()
    if (last && names === stages.map(({ name }) => name).join()) return last.stages.map(stageMs)
  }
  return stages.map(({ weight }) => weight)
}

function stageMs({ started_at: started, completed_at: completed }: Run['stages'][number]): number {
  return started && completed ? Math.max(1, Date.parse(completed) - Date.parse(started)) : 1
}
