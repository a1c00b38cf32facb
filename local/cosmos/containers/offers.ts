import { CosmosError, notFound, preconditionFailed } from '../errors.ts'
import { type Call, jsonBody, type Reply } from '../http.ts'
import { isObject, type JsonObject } from '../json.ts'
import { containerSelf, databaseSelf, resourceFeed } from '../resources.ts'
import { databaseRid } from '../rid.ts'
import { nowSeconds, type Provisioned, type Store } from '../store.ts'
import { replacedThroughput } from './requested-throughput.ts'
import { type Offer, requestUnits } from './throughput.ts'

/** The offers of the databases and containers that were created with a throughput: they are read, queried and replaced. */
export async function offers(call: Call, store: Store): Promise<Reply> {
  const offered = store.provisioned()
  const [, id] = call.segments
  if (id === undefined) {
    if (call.method !== 'GET' && call.header('x-ms-documentdb-isquery')?.toLowerCase() !== 'true')
      throw notAllowed(call)
    return resourceFeed(call, { name: 'Offers', rid: '', resources: offered.map(offerResource) })
  }
  if (call.method !== 'GET' && call.method !== 'PUT') throw notAllowed(call)
  const owner = offered.find(each => offerId(each).toLowerCase() === id.toLowerCase())
  if (!owner) throw notFound(`offer '${id}'`)
  const offer = call.method === 'PUT' ? await replaceOffer(call, store, owner) : owner.offer
  return { status: 200, charge: 1, body: JSON.stringify(offerResource({ ...owner, offer })) }
}

async function replaceOffer(call: Call, store: Store, owner: Provisioned): Promise<Offer> {
  const body = jsonBody(call)
  const before = offerResource(owner)
  const ifMatch = call.header('if-match')
  if (ifMatch !== undefined && ifMatch !== '*' && ifMatch !== before._etag) throw preconditionFailed()
  if (!isObject(body)) throw new CosmosError(400, 'An offer must be a JSON object.')
  for (const field of ['id', '_rid', 'resource', 'offerResourceId', 'offerVersion']) {
    if (body[field] !== undefined && body[field] !== before[field]) {
      throw new CosmosError(
        400,
        `The ${field} of an offer cannot be replaced: it is ${JSON.stringify(before[field])}, not ${JSON.stringify(body[field])}.`,
      )
    }
  }
  const throughput = replacedThroughput(call, body.content, owner.offer)
  const highest = Math.max(owner.offer.highest, requestUnits(throughput))
  const offer = { throughput, highest, ts: nowSeconds() }
  await store.setOffer(owner, offer)
  return offer
}

function offerResource(owner: Provisioned): JsonObject {
  const id = offerId(owner)
  const { ts } = owner.offer
  return {
    id,
    _rid: id,
    _self: `offers/${id}/`,
    resource: owner.type === 'container' ? containerSelf(owner.of) : databaseSelf(owner.of),
    offerResourceId: owner.type === 'container' ? owner.of.rid : databaseRid(owner.of.number),
    offerType: 'Invalid',
    offerVersion: 'V2',
    content: contentOf(owner.offer),
    _etag: `"${id}-${requestUnits(owner.offer.throughput)}-${ts}"`,
    _ts: ts,
  }
}

// An autoscale offer shows the least it scales to, as it is at rest.
function contentOf({ throughput, highest }: Offer): JsonObject {
  const content = {
    offerIsRUPerMinuteThroughputEnabled: false,
    offerMinimumThroughputParameters: { maxThroughputEverProvisioned: highest, maxConsumedStorageEverInKB: 0 },
  }
  if (throughput.type === 'manual') return { ...content, offerThroughput: throughput.requestUnits }
  const { maxRequestUnits } = throughput
  return {
    ...content,
    offerThroughput: maxRequestUnits / 10,
    offerAutopilotSettings: {
      tier: 0,
      maximumTierThroughput: maxRequestUnits,
      autoUpgrade: false,
      maxThroughput: maxRequestUnits,
    },
  }
}

// Offers of databases and of containers share one feed: the first have odd numbers, the second even ones.
function offerId(owner: Provisioned): string {
  const number = owner.of.number * 2 + (owner.type === 'database' ? 1 : 0)
  return number.toString(36).padStart(4, '0')
}

function notAllowed(call: Call): CosmosError {
  return new CosmosError(405, `The method ${call.method} is not allowed on /${call.segments.join('/')}.`)
}
