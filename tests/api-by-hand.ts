import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { AppSettings } from '../shared/adapters/azure/app-settings.ts'
import type { Endpoint } from '../shared/api/endpoint.ts'
import { endpoints } from '../shared/api/endpoints.ts'
import { authorize, handler } from '../shared/api/handle.ts'
import { impressionLog } from '../shared/api/lists/impression-log.ts'
import type { AnsweredList } from '../shared/api/lists/list-from.ts'
import type { Configuration } from '../shared/api/routes/configuration.ts'
import { exportJob } from '../shared/exports/export-job.ts'
import { pseudonymOf } from '../shared/lake/build/pseudonym.ts'
import { deploymentOf } from '../shared/operations/cost/deployments.ts'
import { RunTimeOverlay } from '../shared/operations/run-time-settings.ts'
import { defaultSchedules } from '../shared/operations/schedule/scheduled-jobs.ts'
import type { Ports } from '../shared/ports.ts'
import type { Jobs } from '../shared/runs/stage.ts'
import { collections } from '../shared/schemas/collections.ts'
import { ItemId } from '../shared/schemas/ids.ts'
import type { RuleTail } from '../shared/schemas/published.ts'
import { ScheduleSettings } from '../shared/schemas/settings/schedules.ts'
import { heldLists } from '../shared/serving/cache/held-list.ts'
import type { Shop } from '../shared/serving/shop.ts'
import { apiRequest, type Call } from './api-request.ts'
import { asTheApi } from './as-the-api.ts'
import {
  goLive,
  pseudonymKey,
  putCustomer,
  putLists,
  putNeighbours,
  putPopularity,
  putProfile,
  type ShopByHand,
  shopByHand,
} from './served-shop.ts'
import { stocktakingJobs } from './stocktaking.ts'

export const schedules = defaultSchedules(ScheduleSettings.parse({ SWEEP_SCHEDULE: '0 * * * * *' }))
const docsFolder = dirname(fileURLToPath(import.meta.resolve('swagger-ui-dist/swagger-ui.css')))

/** Jobs that runs of the API's tests are of: a stocktaking in the place of a refresh, and real exports. */
export const jobsOf = (shop: Shop): Jobs => ({
  ...stocktakingJobs,
  export: exportJob({ placement: 'email', limit: 2, includesPopular: true, chunkSeconds: 60, shop }, { usersAFile: 2 }),
})
/** All that has no default; secrets in it are looked for in answers. */
export const environment = {
  AzureWebJobsStorage: 'AccountKey=canary-of-the-storage',
  EventHubConnection: 'SharedAccessKey=canary-of-the-hub',
  COSMOS_ENDPOINT: 'https://shop.documents.azure.com',
  COSMOS_KEY: 'canary-of-the-cosmos',
  SWEEP_SCHEDULE: '0 * * * * *',
  PSEUDONYM_KEY: 'canary-of-the-pseudonyms',
  AUTH_ISSUER: 'https://login.microsoftonline.com/shop/v2.0',
  AUTH_AUDIENCE: 'the shop’s API',
  SHOPPER_TOKEN_KEY: 'canary-of-the-key-that-signs-tokens',
}

const noVault = () => {
  throw new Error('there is no vault')
}

function configurationOf(ports: Ports): Configuration {
  const own = new AppSettings(environment, { vault: noVault })
  const { settings } = own
  return { settings, sourceOf: name => own.sourceOf(name), runTime: new RunTimeOverlay(settings, ports) }
}

/** Every endpoint of the API over one shop, called without a host; it writes what it may write in Azure, and no more. */
export function apiOver({ ports: all, shop }: ShopByHand, jobs: Jobs = jobsOf(shop)) {
  const ports = asTheApi(all)
  const impressions = impressionLog(ports)
  const of = {
    ports,
    shop,
    impressions,
    lists: heldLists<AnsweredList>(shop, { ...ports, entriesMax: 1_000, bytesMax: 2 ** 24 }),
    jobs,
    schedules,
    dollarsPerMillionRequestUnits: 0.28,
    pseudonymKey,
    configuration: configurationOf(ports),
    cost: () => ({ budgetDollars: 15, deployment: deploymentOf('starter') }),
    docsFolder,
  }
  const byName: Record<string, Endpoint> = Object.fromEntries(endpoints(of).map(each => [each.name, each]))
  const call = async (name: string, sent: Call = {}) => {
    const endpoint = byName[name]
    if (!endpoint) throw new Error(`There is no endpoint ${name}`)
    const asked = apiRequest({ method: endpoint.method, ...sent })
    const { status, headers, body: sentBack } = await handler(endpoint, [authorize], ports.log)(asked)
    const body = typeof sentBack === 'string' ? sentBack : new TextDecoder().decode(sentBack)
    const type = headers['content-type'] ?? ''
    const json: unknown = type.includes('json') && !type.includes('ndjson') ? JSON.parse(body) : body
    return { status, headers, type, json, checked: () => endpoint.output.parse(json) }
  }
  return { all: byName, call, impressions, configuration: of.configuration }
}

/** A shop with something to answer on every route. */
export async function answeringShop(): Promise<ShopByHand> {
  const of = await shopByHand()
  await goLive(of.ports)
  await putLists(of.ports, 'anna', { items: { tea: 2, ink: 1 }, bought: ['cup'] })
  await putProfile(of.ports, 'anna', [['pad', 'view', -60]])
  await putCustomer(of.ports, 'ben', { country: 'Malta' })
  await putNeighbours(of.ports, 'pen', { als: { ink: 0.9 }, copurchase: { pad: 0.5 } })
  await putPopularity(of.ports, { jam: 3, tea: 2 })
  await putPopularity(of.ports, { jam: 3, tea: 2 }, 'Kitchen')
  const rule = (lhs: string[], ...[confidence, lift]: [number, number]): RuleTail => [
    lhs.map(id => ItemId.parse(id)),
    ItemId.parse('ink'),
    0.1,
    confidence,
    lift,
  ]
  const value = [rule(['pad', 'pen'], 1, 4), rule(['pen'], 0.5, 2)]
  await of.ports.documents.upsert(collections.itemRules, { id: 'pen', a: { generation: 1, value } })
  await putErased(of.ports)
  return of
}

export const anErasure = `erasure-${'0'.repeat(32)}`

/** Gone, who was erased. */
async function putErased({ documents }: ShopByHand['ports']): Promise<void> {
  const at = '2025-12-01T00:00:00.000Z'
  const pseudonym = pseudonymOf('gone', pseudonymKey)
  await documents.upsert(collections.tombstones, {
    id: pseudonym,
    kind: 'tombstone',
    erasure: anErasure,
    erased_at: at,
  })
  await documents.upsert(collections.erasures, {
    ...{ id: anErasure, kind: 'erasure', pseudonym, status: 'completed' },
    ...{ requested_at: at, requested_by: 'test', completed_at: at },
  })
}
