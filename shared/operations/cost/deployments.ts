import { z } from 'zod'
import host from '../../../host.json' with { type: 'json' }
import profiles from '../../../infra/bicep/profiles.json' with { type: 'json' }
import { occurrenceAfter } from '../../schemas/ncrontab.ts'
import type { DeploymentProfile } from '../../schemas/settings/cost.ts'

const count = z.int().nonnegative()
const App = z.object({
  serves: z.boolean(),
  works: z.boolean(),
  instanceMemoryMb: count,
  alwaysReadyHttp: count,
})
const hostSetting = 'AzureFunctionsJobHost__extensions__eventHubs__'

/** What of a profile is paid for, or makes something be. */
const Profile = z.object({
  apps: z.array(App),
  settings: z.record(z.string(), z.string()),
  eventHubs: z.object({ tier: z.enum(['Basic', 'Standard']), throughputUnits: count, partitions: count }),
  cosmos: z.object({ freeTier: z.boolean(), throughputMax: count }),
  storage: z.object({ redundancy: z.enum(['Standard_LRS', 'Standard_ZRS']) }),
  privateNetwork: z.boolean(),
  logs: z.object({ dailyCapGb: z.number() }),
  alerts: z.object({ everyMinutes: z.literal([5, 10, 15]), logRules: count }),
  staticWebApp: z.object({ tier: z.enum(['Free', 'Standard']) }),
  budgetDollars: z.number(),
})

/** A deployment as far as it costs. */
export interface Deployment extends z.infer<typeof Profile> {
  profile: DeploymentProfile
  /** A batch is handed over when it has so many events, or its first has waited so long. */
  batchMin: number
  batchWaitSeconds: number
  /** How often the clock looks, and how often the lake takes in what is new. */
  looksADay: number
  lakeRunsADay: number
  privateEndpoints: number
}

/** Blob, queue, Cosmos DB, Event Hubs, Key Vault, and the app itself. */
const privateEndpoints = 6

/** A profile as infra/bicep/profiles.json has it, with what its settings put in the place of host.json's. */
export function deploymentOf(profile: DeploymentProfile): Deployment {
  const of = Profile.parse(profiles[profile])
  const { eventHubs: hostHubs } = host.extensions
  const setting = (name: keyof typeof hostHubs) => of.settings[`${hostSetting}${name}`] ?? String(hostHubs[name])
  return {
    ...of,
    profile,
    batchMin: Number(setting('minEventBatchSize')),
    batchWaitSeconds: timeSpanSeconds(setting('maxWaitTime')),
    looksADay: timesADay(of.settings.SWEEP_SCHEDULE ?? '0 * * * * *'),
    lakeRunsADay: timesADay(of.settings.LAKE_SCHEDULE ?? '0 5 * * * *'),
    privateEndpoints: of.privateNetwork ? privateEndpoints : 0,
  }
}

/** The instance that answers requests, and the one that works: the same app, or one each. */
export function appsOf({ apps }: Deployment): { serving: z.infer<typeof App>; working: z.infer<typeof App> } {
  const serving = apps.find(({ serves }) => serves)
  const working = apps.find(({ works }) => works)
  if (!serving || !working) throw new RangeError('Cannot reckon costs as no app of the profile serves, or none works')
  return { serving, working }
}

export const gbOf = ({ instanceMemoryMb }: { instanceMemoryMb: number }): number => instanceMemoryMb / 1024

/** Processor cores of an instance. Source: Microsoft, "Flex Consumption plan", instance sizes. */
export function coresOf({ instanceMemoryMb }: { instanceMemoryMb: number }): number {
  return instanceMemoryMb <= 512 ? 0.25 : instanceMemoryMb / 2048
}

/** Of `hh:mm:ss`, with parts of a second. */
function timeSpanSeconds(text: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = text.split(':').map(Number)
  return hours * 3600 + minutes * 60 + seconds
}

/** How often an NCRONTAB occurs on a day like any other. */
function timesADay(cron: string): number {
  const from = Date.UTC(2026, 0, 5)
  let times = 0
  for (let at = occurrenceAfter(cron, from - 1); at !== undefined && at < from + 86_400_000; ) {
    times += 1
    at = occurrenceAfter(cron, at)
  }
  return times
}
