import { exportJob } from '../shared/exports/export-job.ts'
import { exportOptions } from '../shared/exports/export-options.ts'
import { lakeOptions } from '../shared/lake/lake-options.ts'
import type { Documents, Ports } from '../shared/ports.ts'
import { refreshJob } from '../shared/publishing/refresh-job.ts'
import { findRun } from '../shared/runs/ledger.ts'
import type { Job } from '../shared/runs/stage.ts'
import { startRun } from '../shared/runs/start-run.ts'
import { work } from '../shared/runs/work.ts'
import { collections } from '../shared/schemas/collections.ts'
import { UserId } from '../shared/schemas/ids.ts'
import { eventTypes } from '../shared/schemas/interaction.ts'
import type { Profile } from '../shared/schemas/profile.ts'
import { type Run, RunMessage } from '../shared/schemas/run.ts'
import { shop as servedShop } from '../shared/serving/shop.ts'
import { readNames } from '../shared/training/dataset-blobs.ts'
import { trainingOptions } from '../shared/training/options.ts'
import { peakMemoryMb } from './peak-memory.ts'
import { withRefreshShop } from './refresh-shop.ts'
import { type Bench, lone } from './report.ts'
import { fourDigits } from './spread.ts'
import { threads } from './threads.ts'
import type { ShopSize } from './training-shop.ts'

const sizes: Readonly<Record<string, ShopSize>> = {
  tiny: { users: 2_000, items: 1_000, interactions: 20_000 },
  medium: { users: 20_000, items: 5_000, interactions: 200_000 },
}
/** Of so many users one did something since the lists were made. */
const activeOneIn = 10
const viewsOfActive = 5

/**
 * The export of every user's e-mail list by the run engine: one instance, on Azure's adapters against the local Cosmos and
 * Azurite. A tenth of the users did something since the last refresh, so that their lists are made on the spot.
 */
export const exportBench: Bench = (step, { profile = 'medium' }) => {
  const size = sizes[profile]
  if (!size) throw new RangeError(`Cannot bench export as profile must be tiny or medium: current value is ${profile}`)
  return withRefreshShop({ size, settings: {}, step }, async shop => {
    step('Refreshing it')
    const training = trainingOptions(shop.settings, { threads })
    const refresh = await runToEnd(refreshJob(training, lakeOptions(shop.settings)), shop.ports, shop.sent)
    const users = await readNames({ runId: refresh.run_id, ports: shop.ports }, 'users')
    await putViews(users, shop)

    step(`Exporting lists of ${users.length} users`)
    const halfLifeMs = shop.settings.POPULARITY_HALF_LIFE_HOURS * 3_600_000
    const serving = shop.ports.documents.metered()
    const served = servedShop({ ...shop.ports, documents: serving }, { halfLifeMs })
    const job = exportJob(exportOptions(shop.settings, { shop: served }))
    const begun = performance.now()
    const cpu = process.cpuUsage()
    const { peakMemoryMb: peak, result: run } = await peakMemoryMb(() => runToEnd(job, shop.ports, shop.sent))
    const seconds = (performance.now() - begun) / 1000
    const { user, system } = process.cpuUsage(cpu)
    const [, lists] = run.stages
    const requestUnits = run.stages.reduce((sum, { metrics }) => sum + (metrics?.request_units ?? 0), 0)
    const perSecond = users.length / ((lists?.metrics?.duration_ms ?? 0) / 1000)
    return [
      lone('lists a second', {
        ...{ values: [perSecond], unit: 'users/s' },
        quality: {
          ...{ users: users.length, seconds: fourDigits(seconds), peak_memory_mb: Math.round(peak) },
          processor_ms_a_user: fourDigits((user + system) / 1000 / users.length),
          request_units_a_user: fourDigits(requestUnits / users.length),
          // Pointer, catalogue, counters, neighbours: read once an instance and remembered.
          request_units_of_the_instance: Math.round(serving.requestUnits),
        },
      }),
    ]
  })
}

async function runToEnd(job: Job, ports: Ports, sent: unknown[]): Promise<Run> {
  const engine = { jobs: { [job.kind]: job }, ports }
  const { run } = await startRun(job.kind, { trigger: 'bench', jobs: engine.jobs }, ports)
  for (let message = sent.shift(); message; message = sent.shift()) await work(RunMessage.parse(message), engine)
  const ended = await findRun(run.run_id, ports.documents)
  if (ended?.document.status !== 'completed') throw new Error(`The run ended as ${JSON.stringify(ended?.document)}`)
  return ended.document
}

async function putViews(users: readonly string[], { ports }: { ports: { documents: Documents } }): Promise<void> {
  const items: string[] = []
  for await (const page of ports.documents.query(collections.items, {})) items.push(...page.map(({ id }) => id))
  const second = Math.floor(Date.now() / 1000)
  const active = users.filter((_, index) => index % activeOneIn === 0)
  const writes = active.map((userId, index) => {
    const recent = Array.from({ length: viewsOfActive }, (_, view): Profile['recent'][number] => [
      ...([
        items[(index * 31 + view * 7) % items.length] ?? '',
        eventTypes.indexOf('view'),
        second,
        `v${view}`,
      ] as const),
    ])
    const document: Profile = {
      ...{ id: 'profile', user_id: UserId.parse(userId), applied: {}, recent, bought: [], disliked: [] },
    }
    return { document }
  })
  await ports.documents.writeAll(collections.profiles, writes)
}
