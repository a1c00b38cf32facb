import { type MemoryPorts, memoryPorts } from '../shared/adapters/memory/ports.ts'
import { lakeJob } from '../shared/lake/lake-job.ts'
import { lakeOptions } from '../shared/lake/lake-options.ts'
import { tuneJob } from '../shared/models/tune-job.ts'
import { refreshJob } from '../shared/publishing/refresh-job.ts'
import { findRun } from '../shared/runs/ledger.ts'
import type { Jobs } from '../shared/runs/stage.ts'
import { startRun } from '../shared/runs/start-run.ts'
import { work } from '../shared/runs/work.ts'
import { type JobKind, type Run, RunMessage } from '../shared/schemas/run.ts'
import { parseSettings } from '../shared/schemas/settings.ts'
import { type TrainingOptions, trainingOptions } from '../shared/training/options.ts'
import { checkerboardFiles } from './checkerboard.ts'

const settings = parseSettings({
  AzureWebJobsStorage: 'memory',
  EventHubConnection: 'memory',
  COSMOS_ENDPOINT: 'memory',
  COSMOS_KEY: 'memory',
  SWEEP_SCHEDULE: '0 0 0 1 1 *',
  PSEUDONYM_KEY: 'a key for tests only',
  AUTH_ISSUER: 'http://127.0.0.1',
  AUTH_AUDIENCE: 'memory',
  SHOPPER_TOKEN_KEY: 'a key of 32 characters, for tests',
})

/** Training options small enough to compute by the dozen. */
export const smallTraining: TrainingOptions = {
  ...trainingOptions(settings),
  als: {
    ...{ factors: 2, iterations: 15, alpha: 10, conjugateGradientSteps: 3 },
    ...{ regularization: 0.1, regularizationExponent: 0 },
  },
  rules: { minSupport: 0.01, minConfidence: 0.1, minLift: 1, maxLength: 3 },
}
export const lake = lakeOptions(settings)
/** Every job of a shop that is trained this way. */
export const jobsWith = (training: TrainingOptions): Jobs => ({
  lake: lakeJob(lake),
  refresh: refreshJob(training, lake),
  tune: tuneJob(training),
})
export const jobs: Jobs = jobsWith(smallTraining)

/** Runs a job to its end on memory ports, working off the queue in turn. */
export async function runJob(kind: JobKind, ports: MemoryPorts, of: Jobs = jobs, { refit = false } = {}): Promise<Run> {
  const { run } = await startRun(kind, { trigger: 'test', refit, jobs: of }, ports)
  await workOff(ports, of)
  const ended = await findRun(run.run_id, ports.documents)
  if (!ended) throw new Error('The run is gone')
  return ended.document
}

export async function workOff(ports: MemoryPorts, of: Jobs = jobs): Promise<void> {
  for (let message = ports.sent.shift(); message; message = ports.sent.shift()) {
    await work(RunMessage.parse(message.message), { jobs: of, ports })
  }
}

export async function drop(ports: MemoryPorts, path: string, lines: readonly string[]): Promise<void> {
  await ports.blobs.write(`landing/${path}`, Buffer.from(`${lines.join('\n')}\n`))
}

/** The checkerboard's files, dropped where an ERP would drop them. */
export async function checkerboardShop(ports: MemoryPorts = memoryPorts()): Promise<MemoryPorts> {
  for (const [path, lines] of Object.entries(checkerboardFiles())) await drop(ports, path, lines)
  return ports
}
