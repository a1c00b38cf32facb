import { cartRecommendations, postedCartRecommendations, searchRecommendations } from '../shared/api/cart-and-search.ts'
import type { Endpoint } from '../shared/api/endpoint.ts'
import { handle } from '../shared/api/handle.ts'
import { health } from '../shared/api/health.ts'
import { impressionLog } from '../shared/api/impression-log.ts'
import { postInteractions } from '../shared/api/interactions.ts'
import { jobLogs, jobStatus, listJobs, triggerJob } from '../shared/api/jobs.ts'
import { listModels, rollbackModel } from '../shared/api/models.ts'
import { deletePlacement, listPlacements, putPlacement } from '../shared/api/placements.ts'
import { getPreferences, postPreferences } from '../shared/api/preferences.ts'
import { listProducts, oneProduct } from '../shared/api/products.ts'
import {
  categoryRecommendations,
  itemRecommendations,
  itemRules,
  sessionRecommendations,
  trending,
  userRecommendations,
} from '../shared/api/recommendations.ts'
import type { ApiRequest } from '../shared/api/request.ts'
import { userProfile } from '../shared/api/user-profile.ts'
import { whyNotListed } from '../shared/api/why-not.ts'
import { collections } from '../shared/schemas/collections.ts'
import { AppError } from '../shared/schemas/errors.ts'
import { ItemId } from '../shared/schemas/ids.ts'
import type { RuleTail } from '../shared/schemas/published.ts'
import {
  goLive,
  putLists,
  putNeighbours,
  putPopularity,
  putProfile,
  type ShopByHand,
  shopByHand,
} from './served-shop.ts'
import { stocktakingJobs } from './stocktaking.ts'

export interface Call {
  path?: Record<string, string>
  query?: Record<string, string>
  headers?: Record<string, string>
  /** Text as it is; anything else as JSON. */
  body?: unknown
}

/** Every endpoint of the API over one shop, called without a host. */
export function apiOver({ ports, shop }: ShopByHand) {
  const impressions = impressionLog(ports)
  const of = { ports, shop, impressions, jobs: stocktakingJobs, dollarsPerMillionRequestUnits: 0.28 }
  const all: Record<string, Endpoint> = {}
  for (const endpoint of [
    ...[health(of), postInteractions(of), triggerJob(of), jobStatus(of), listJobs(of), jobLogs(of)],
    ...[listModels(of), rollbackModel(of)],
    ...[listPlacements(of), putPlacement(of), deletePlacement(of)],
    ...[listProducts(of), oneProduct(of), userProfile(of), getPreferences(of), postPreferences(of)],
    ...[userRecommendations(of), sessionRecommendations(of), itemRecommendations(of), categoryRecommendations(of)],
    ...[cartRecommendations(of), postedCartRecommendations(of), searchRecommendations(of), trending(of), itemRules(of)],
    whyNotListed(of),
  ]) {
    all[endpoint.name] = endpoint
  }
  const call = async (name: string, sent: Call = {}) => {
    const endpoint = all[name]
    if (!endpoint) throw new Error(`There is no endpoint ${name}`)
    const { status, headers, body } = await handle(endpoint, request(sent), ports.log)
    const type = headers['content-type'] ?? ''
    const json: unknown = type.includes('ndjson') ? body : JSON.parse(body)
    return { status, headers, type, json, checked: () => endpoint.output.parse(json) }
  }
  return { all, call, impressions }
}

/** A shop with something to answer on every route. */
export async function answeringShop(): Promise<ShopByHand> {
  const of = await shopByHand()
  await goLive(of.ports)
  await putLists(of.ports, 'anna', { items: { tea: 2, ink: 1 }, bought: ['cup'] })
  await putProfile(of.ports, 'anna', [['pad', 'view', -60]])
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
  return of
}

function request({ path = {}, query = {}, headers = {}, body }: Call): ApiRequest {
  const bytes = Buffer.from(body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body))
  return {
    path,
    query,
    headers: new Headers(headers),
    body: async limitBytes => {
      if (bytes.length > limitBytes)
        throw new AppError('body_too_large', `The body must be at most ${limitBytes} bytes`)
      return bytes
    },
  }
}
