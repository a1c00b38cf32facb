import { constants } from 'node:fs'
import { access, readFile } from 'node:fs/promises'
import { z } from 'zod'
import type { MemoryPorts } from '../../shared/adapters/memory/ports.ts'
import { type FileKind, fileKinds } from '../../shared/ingest/landing-files.ts'
import { landingJob } from '../../shared/ingest/landing-job.ts'
import { readManifest } from '../../shared/ingest/landing-manifest.ts'
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
import { forgetEarlierFiles, lakehousePorts, landingPath } from './lakehouse.ts'

/** The files cannot be turned into recommendations: a sentence for the person who gave them. */
export class BatchError extends Error {}

interface BatchFile {
  file: string
  /** rows = stored + unchanged + rejected */
  rows: number
  stored: number
  unchanged: number
  rejected: number
}

const RejectedRow = z.object({ row: z.int(), column: z.string(), value: z.unknown(), reason: z.string() })
type Rejected = z.infer<typeof RejectedRow> & { file: string }

export interface BatchSummary {
  files: Record<FileKind, BatchFile>
  /** Every row that was refused; their cells are in quarantine/. */
  rejected: Rejected[]
  /** What the refresh learned from, as its stage `matrix` counts. */
  learned: Metrics
  gold: GoldFile[]
  /** Why there is no gold. */
  failure?: string
}

/**
 * Files in, bronze and gold out: the app's own landing job and refresh job, worked off one message after the other.
 * Without anything to learn from, gold stays as it was.
 * @throws BatchError when a file cannot be read
 */
export async function runBatch(options: {
  files: Readonly<Record<FileKind, string>>
  root: string
  workDir: string
  training: TrainingOptions
  limit: number
  onStage: (record: Readonly<Record<string, unknown>>) => void
}): Promise<BatchSummary> {
  const { files, root, workDir, training, limit, onStage } = options
  const ports = lakehousePorts({ root, workDir, onStage })
  const jobs: Jobs = {
    lake: { kind: 'lake', stages: [] },
    landing: landingJob,
    refresh: refreshJob(training),
    tune: tuneJob(training),
  }
  await land(files, root, ports)
  await runJob('landing', ports, jobs)
  const { refused, ...taken } = await whatWasTaken(files, ports)
  if (refused !== undefined) return { ...taken, learned: {}, gold: [], failure: refused }
  const refresh = await runJob('refresh', ports, jobs)
  const learned = refresh.stages.find(({ name }) => name === 'matrix')?.metrics ?? {}
  if (refresh.status !== 'completed') return { ...taken, learned, gold: [], failure: reasonOf(refresh, files) }
  const users = await readNames({ runId: refresh.run_id, ports }, 'users')
  const gold = await writeGold(ports, { limit, popularityHalfLifeMs: training.popularityHalfLifeMs, users })
  return { ...taken, learned, gold }
}

/** Puts the files where the landing job finds them, once all of them can be read. */
async function land(files: Readonly<Record<FileKind, string>>, root: string, ports: MemoryPorts): Promise<void> {
  for (const kind of fileKinds) await reading(files[kind], file => access(file, constants.R_OK))
  await forgetEarlierFiles(root)
  for (const kind of fileKinds) {
    await ports.blobs.write(landingPath(kind), await reading(files[kind], file => readFile(file)))
  }
}

async function reading<T>(file: string, read: (file: string) => Promise<T>): Promise<T> {
  try {
    return await read(file)
  } catch (cause) {
    throw new BatchError(`Cannot read ${file}: ${cause instanceof Error ? cause.message : cause}`, { cause })
  }
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

async function whatWasTaken(files: Readonly<Record<FileKind, string>>, ports: MemoryPorts) {
  const taken = {} as Record<FileKind, BatchFile>
  const rejected: Rejected[] = []
  let refused: string | undefined
  for (const kind of fileKinds) {
    const file = files[kind]
    const manifest = await readManifest(landingPath(kind), ports.blobs)
    const { rows = 0, stored = 0, unchanged = 0, rejected: count = 0, reason } = manifest ?? {}
    taken[kind] = { file, rows, stored, unchanged, rejected: count }
    if (reason !== undefined) refused ??= `Cannot read ${file}: ${reason}`
    for await (const { path } of ports.blobs.list(`quarantine/${landingPath(kind)}/`)) {
      const lines = new TextDecoder()
        .decode(await ports.blobs.read(path))
        .trimEnd()
        .split('\n')
      for (const line of lines) rejected.push({ file, ...RejectedRow.parse(JSON.parse(line)) })
    }
  }
  rejected.sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.row - b.row))
  return { files: taken, rejected, refused }
}

function reasonOf(run: Run, files: Readonly<Record<FileKind, string>>): string {
  if (run.stages[run.stage]?.name !== 'matrix') return `Training failed: ${run.error ?? 'no error was kept'}`
  return `Nothing could be learned: no row of ${files.orders} that could be read names an item of ${files.products}`
}
