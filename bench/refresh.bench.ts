import { lakeOptions } from '../shared/lake/lake-options.ts'
import { refreshJob } from '../shared/publishing/refresh-job.ts'
import { findRun } from '../shared/runs/ledger.ts'
import type { Job, Jobs } from '../shared/runs/stage.ts'
import { startRun } from '../shared/runs/start-run.ts'
import { work } from '../shared/runs/work.ts'
import { type Run, RunMessage } from '../shared/schemas/run.ts'
import { trainingOptions } from '../shared/training/options.ts'
import { meteredPorts } from './metered-ports.ts'
import { peakMemoryMb } from './peak-memory.ts'
import { processCpuMs } from './process-cpu.ts'
import { type Figures, minus, plus, refreshReport } from './refresh-report.ts'
import { type RefreshShop, withRefreshShop } from './refresh-shop.ts'
import type { Bench, BenchResult } from './report.ts'
import { threads } from './threads.ts'
import { timeMeter } from './time-meter.ts'
import { type ShopSize, shopSizes } from './training-shop.ts'

/** How large a shop, and what it sets otherwise than the defaults. */
const profiles: Readonly<Record<string, { size: ShopSize; settings: Record<string, string> }>> = {
  tiny: { size: { users: 500, items: 1000, interactions: 20_000 }, settings: {} },
  medium: { size: shopSizes.tenth, settings: {} },
  large: { size: shopSizes.large, settings: { ALS_FACTORS: '64', LIST_SIZE: '10', NEIGHBOURS_SIZE: '20' } },
}

/** Before a run's first stage and behind its last. */
const outside = 'around the stages'

/**
 * A whole refresh from gold to live lists by the run engine, one instance with this process as its worker, on Azure's
 * adapters against the local Cosmos and Azurite: first of a shop without lists, then again on the same data. A case a stage:
 * seconds by what they went to, processor time of the worker and of the servers, which share the cores, request units.
 */
export const refreshBench: Bench = (step, { profile = 'medium' }) => {
  const chosen = Object.hasOwn(profiles, profile) ? profiles[profile] : undefined
  if (!chosen)
    throw new RangeError(
      `Cannot bench refresh as profile must be one of ${Object.keys(profiles).join(', ')}: current value is ${profile}`,
    )
  return withRefreshShop({ ...chosen, step }, async shop => [
    ...(await measuredRun('first', { shop, step })),
    ...(await measuredRun('again', { shop, step })),
  ])
}

async function measuredRun(
  name: string,
  { shop, step }: { shop: RefreshShop; step: (text: string) => void },
): Promise<BenchResult[]> {
  const meter = timeMeter(outside)
  const { ports, charged } = meteredPorts(shop.ports, meter)
  const used = new Map<string, Figures>()
  let at = outside
  const running = () => runningFigures(shop, charged())
  let before = running()
  const enter = (stage: string) => {
    if (stage === at) return
    const now = running()
    used.set(at, plus(used.get(at) ?? {}, minus(now, before)))
    before = now
    at = stage
    meter.enter(stage)
    step(`  ${name}: ${stage}`)
  }
  const job = told(refreshJob(trainingOptions(shop.settings, { threads }), lakeOptions(shop.settings)), enter)
  const engine = { jobs: { refresh: job, lake: job, tune: job } satisfies Jobs, ports }
  const { peakMemoryMb: peak, result: run } = await peakMemoryMb(() => runToEnd(engine, shop.sent))
  enter(outside)
  return refreshReport(name, { run, spent: meter.sections(), used, peakMemoryMb: peak })
}

/** The job with each stage saying that it is at work. */
function told(job: Job, enter: (stage: string) => void): Job {
  const stages = job.stages.map(stage => {
    const { planNext } = stage
    const entering =
      <Args extends readonly unknown[], T>(work: (...args: Args) => T) =>
      (...args: Args): T => {
        enter(stage.name)
        return work(...args)
      }
    return {
      ...stage,
      plan: entering(stage.plan),
      run: entering(stage.run),
      ...(planNext && { planNext: entering(planNext) }),
    }
  })
  return { ...job, stages }
}

async function runToEnd(engine: Parameters<typeof work>[1], sent: unknown[]): Promise<Run> {
  const { run } = await startRun('refresh', { trigger: 'bench', jobs: engine.jobs }, engine.ports)
  for (let message = sent.shift(); message; message = sent.shift()) await work(RunMessage.parse(message), engine)
  const ended = await findRun(run.run_id, engine.ports.documents)
  if (ended?.document.status !== 'completed') throw new Error(`The run ended as ${JSON.stringify(ended?.document)}`)
  return ended.document
}

/** Grows over a run; read where a stage begins. */
function runningFigures({ servers }: RefreshShop, charged: Figures): Figures {
  const { user, system } = process.cpuUsage()
  const ofServers = servers.map(({ name, pid }) => [`${name}_cpu_s`, processCpuMs(pid) / 1000])
  return { ...charged, worker_cpu_s: (user + system) / 1e6, ...Object.fromEntries(ofServers) }
}
