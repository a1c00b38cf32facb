import type { MemoryPorts } from '../../shared/adapters/memory/ports.ts'
import type { LandingKind } from '../../shared/ingest/landing/landing-kinds.ts'
import { lakeJob } from '../../shared/lake/lake-job.ts'
import type { LakeOptions } from '../../shared/lake/lake-options.ts'
import { tuneJob } from '../../shared/models/tune-job.ts'
import { refreshJob } from '../../shared/publishing/refresh-job.ts'
import { findRun } from '../../shared/runs/ledger.ts'
import type { Jobs } from '../../shared/runs/stage.ts'
import { startRun } from '../../shared/runs/start-run.ts'
import { work } from '../../shared/runs/work.ts'
import { type JobKind, type Metrics, type Run, RunMessage } from '../../shared/schemas/run.ts'
import { readNames } from '../../shared/training/dataset-blobs.ts'
import type { TrainingOptions } from '../../shared/training/options.ts'
import { type GoldFile, writeGold } from './gold.ts'
import { lakehousePorts } from './lakehouse.ts'
import { landFiles } from './landed-files.ts'
import { madeOf, noteMadeOf, wasMadeOf } from './made-of.ts'
import { type BatchFile, type RejectedRow, whatWasTaken } from './what-was-taken.ts'

export interface BatchSummary {
  files: BatchFile[]
  /** The first of the rows that were refused; all of them are in quarantine/. */
  rejected: RejectedRow[]
  /** What the refresh learned from, as its stage `matrix` counts. */
  learned: Metrics
  gold: GoldFile[]
  /** Gold stands as an earlier run made it of the same: nothing was learned again. */
  unchanged: boolean
  /** Why there is no gold. */
  failure?: string
}

export interface BatchOptions {
  files: readonly (readonly [LandingKind, string])[]
  root: string
  workDir: string
  training: TrainingOptions
  lake: LakeOptions
  /** Items per list. */
  limit: number
  /** Rows that are told. */
  rejectedMax: number
  onStage: (record: Readonly<Record<string, unknown>>) => void
}

/**
 * Files in; bronze, silver and gold out: the app's own lake job and refresh job, worked off one message after the other.
 * Without anything to learn from, or anything new, gold's files stay as they were.
 * @throws BatchError when a file cannot be read
 */
export async function runBatch(options: BatchOptions): Promise<BatchSummary> {
  const { files, workDir, training, lake, limit, rejectedMax } = options
  const ports = lakehousePorts({ ...options, instance: training.instance })
  const refreshLake = { ...lake, rebuild: false }
  const jobs: Jobs = {
    lake: lakeJob(lake),
    refresh: refreshJob(training, refreshLake),
    tune: tuneJob(training),
  }
  const landed = await landFiles(files, { workDir, blobs: ports.blobs })
  const filled = await runJob('lake', ports, jobs)
  const { refused, ...taken } = await whatWasTaken(landed, { rejectedMax }, ports)
  const nothing = { ...taken, learned: {}, gold: [], unchanged: false }
  if (refused !== undefined) return { ...nothing, failure: refused }
  if (filled.status !== 'completed') {
    return { ...nothing, failure: `The lake could not be filled: ${filled.error ?? 'no error was kept'}` }
  }
  const inputs = await madeOf({ training, limit }, ports)
  if (await wasMadeOf(inputs, ports.blobs)) return { ...nothing, unchanged: true }
  const refresh = await runJob('refresh', ports, jobs)
  const learned = refresh.stages.find(({ name }) => name === 'matrix')?.metrics ?? {}
  if (refresh.status !== 'completed') return { ...nothing, learned, failure: reasonOf(refresh, files) }
  const users = await readNames({ runId: refresh.run_id, ports }, 'users')
  const gold = await writeGold(ports, { limit, popularityHalfLifeMs: training.popularityHalfLifeMs, users })
  await noteMadeOf(inputs, ports.blobs)
  return { ...nothing, learned, gold }
}

/** Runs a job to its end: a queue in memory, and one worker. */
async function runJob(kind: JobKind, ports: MemoryPorts, jobs: Jobs): Promise<Run> {
  const { run } = await startRun(kind, { trigger: 'command', jobs }, ports)
  for (let sent = ports.sent.shift(); sent; sent = ports.sent.shift()) {
    await work(RunMessage.parse(sent.message), { jobs, ports })
  }
  const ended = await findRun(run.run_id, ports.documents)
  return ended?.document ?? run
}

function reasonOf(run: Run, files: BatchOptions['files']): string {
  const stage = run.stages[run.stage]?.name
  if (stage !== 'matrix') return `The stage ${stage} of training failed: ${run.error ?? 'no error was kept'}`
  const named = (kind: LandingKind) => files.find(([of]) => of === kind)?.[1]
  return `Nothing could be learned: no row of ${named('orders')} that could be read names an item of ${named('products')}`
}
