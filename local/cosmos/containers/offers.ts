import { badRequest, notFound } from '../errors.ts'
import { type Call, jsonBody, type Reply } from '../http.ts'
import { isObject, type JsonObject } from '../json.ts'
import { containerSelf, resourceFeed } from '../resources.ts'
import type { Store } from '../store.ts'
import type { Container } from './container.ts'

const LEAST_THROUGHPUT = 400

/** Containers created with a throughput have an offer; it is kept and shown, a cap by it is not enforced yet. */
export async function offers(call: Call, store: Store): Promise<Reply> {
  const offered = store.allContainers().filter(container => container.throughput !== null)
  const [, id] = call.segments
  if (id === undefined) return resourceFeed(call, { name: 'Offers', rid: '', resources: offered.map(offerResource) })
  const container = offered.find(each => offerId(each).toLowerCase() === id.toLowerCase())
  if (!container) throw notFound(`offer '${id}'`)
  if (call.method === 'PUT') {
    const body = jsonBody(call)
    const content = isObject(body) ? body.content : undefined
    await store.setThroughput(container, throughputOf(isObject(content) ? content.offerThroughput : undefined))
  } else if (call.method !== 'GET') {
    throw badRequest(`An offer can be read and replaced, not ${call.method}.`)
  }
  return { status: 200, charge: 1, body: JSON.stringify(offerResource(container)) }
}

/** The throughput asked for at a container's creation, in RU/s; null when it has none of its own. */
export function throughputHeader(call: Call): number | null {
  const manual = call.header('x-ms-offer-throughput')
  if (manual !== undefined) return throughputOf(Number(manual))
  const autoscale = call.header('x-ms-cosmos-offer-autopilot-settings')
  if (autoscale === undefined) return null
  const settings: unknown = JSON.parse(autoscale)
  return throughputOf(isObject(settings) ? settings.maxThroughput : undefined)
}

function throughputOf(value: unknown): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= LEAST_THROUGHPUT && value % 100 === 0)
    return value
  throw badRequest(
    `The offer throughput must be at least ${LEAST_THROUGHPUT} RU/s in steps of 100: it is ${JSON.stringify(value)}.`,
  )
}

function offerResource(container: Container): JsonObject {
  const id = offerId(container)
  return {
    id,
    _rid: id,
    _self: `offers/${id}/`,
    resource: containerSelf(container),
    offerResourceId: container.rid,
    offerType: 'Invalid',
    offerVersion: 'V2',
    content: { offerThroughput: container.throughput },
    _etag: `"${id}"`,
    _ts: container.ts,
  }
}

function offerId(container: Container): string {
  return container.number.toString(36).padStart(4, '0')
}
