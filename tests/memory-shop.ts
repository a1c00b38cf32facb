import { type MemoryPorts, memoryPorts } from '../shared/adapters/memory/ports.ts'
import { landingJob } from '../shared/ingest/landing-job.ts'
import { refreshJob } from '../shared/publishing/refresh-job.ts'
import { findRun } from '../shared/runs/ledger.ts'
import type { Jobs } from '../shared/runs/stage.ts'
import { startRun } from '../shared/runs/start-run.ts'
import { work } from '../shared/runs/work.ts'
import { type JobKind, type Run, RunMessage } from '../shared/schemas/run.ts'
import { parseSettings } from '../shared/schemas/settings.ts'
import { type TrainingOptions, trainingOptions } from '../shared/training/options.ts'

const settings = parseSettings({
  AzureWebJobsStorage: 'memory',
  EventHubConnection: 'memory',
  COSMOS_ENDPOINT: 'memory',
  COSMOS_KEY: 'memory',
  REFRESH_SCHEDULE: '0 0 0 1 1 *',
  LANDING_SCHEDULE: '0 0 0 1 1 *',
  SWEEP_SCHEDULE: '0 0 0 1 1 *',
})

/** Training options small enough to compute by the dozen. */
export const smallTraining: TrainingOptions = {
  ...trainingOptions(settings),
  als: { factors: 2, iterations: 15, regularization: 0.1, alpha: 10, conjugateGradientSteps: 3 },
  rules: { minSupport: 0.01, minConfidence: 0.1 },
}
export const jobs: Jobs = { landing: landingJob, refresh: refreshJob(smallTraining) }

/** Runs a job to its end on memory ports, working off the queue in turn. */
export async function runJob(kind: JobKind, ports: MemoryPorts, of: Jobs = jobs): Promise<Run> {
  const { run } = await startRun(kind, { trigger: 'test', jobs: of }, ports)
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

/**
 * Two kinds of shoppers on a checkerboard: even users buy even items, odd users odd ones; each leaves out the item whose
 * number is its own, so that this item is what should be recommended first.
 */
export async function checkerboardShop(ports: MemoryPorts = memoryPorts()): Promise<MemoryPorts> {
  const items = Array.from({ length: 12 }, (_, item) => item)
  await drop(ports, 'products/all.csv', [
    'item_id,name,category,price',
    ...items.map(item => `i${item},Item ${item},${item % 2 === 0 ? 'Even' : 'Odd'},${item + 1}.50`),
  ])
  await drop(ports, 'customers/all.csv', ['customer_id,country', ...items.map(user => `u${user},France`)])
  const lines = items.flatMap(user =>
    items
      .filter(item => item % 2 === user % 2 && item !== user)
      .map(item => `o${user},u${user},2025-12-${String(1 + item).padStart(2, '0')}T10:00:00Z,i${item},1,2.5`),
  )
  await drop(ports, 'orders/all.csv', ['order_id,customer_id,ordered_at,item_id,quantity,unit_price', ...lines])
  return ports
}
