import { accountReply } from './account.ts'
import type { Container } from './containers/container.ts'
import { containers, databases, partitionKeyRanges } from './containers/containers.ts'
import { offers } from './containers/offers.ts'
import { badRequest, CosmosError } from './errors.ts'
import type { Call, Reply } from './http.ts'
import { batch } from './items/batch.ts'
import { changeFeed } from './items/change-feed.ts'
import { addItem, itemOperation } from './items/items.ts'
import { queryItems, readFeed } from './query/query.ts'
import { queryPlanReply } from './query/query-plan.ts'
import type { Store } from './store.ts'

/** @throws CosmosError for everything Azure refuses and for what this server does not cover */
export async function route(call: Call, store: Store, url: string): Promise<Reply> {
  const [root, databaseId = '', second, containerId = '', third, itemId] = call.segments
  const { length } = call.segments
  if (length === 0) return accountReply(url)
  if (root === 'offers' && length <= 2) return offers(call, store)
  if (root === 'dbs' && length <= 2) return databases(call, store)
  if (root === 'dbs' && second === 'colls' && length <= 4) return containers(call, store)
  if (root === 'dbs' && second === 'colls' && length <= 6) {
    const container = store.container(databaseId, containerId)
    if (third === 'pkranges' && length === 5) return partitionKeyRanges(container)
    if (third === 'docs' && itemId !== undefined) return itemOperation(call, store, container)
    if (third === 'docs') return items(call, store, container)
  }
  throw badRequest(`The resource /${call.segments.join('/')} is not supported by the local server.`)
}

async function items(call: Call, store: Store, container: Container): Promise<Reply> {
  if (call.method === 'GET') {
    return call.header('a-im') === undefined ? readFeed(call, store, container) : changeFeed(call, store, container)
  }
  if (call.method !== 'POST') throw new CosmosError(405, `The method ${call.method} is not allowed on a feed of items.`)
  if (isTrue(call, 'x-ms-cosmos-is-query-plan-request')) return queryPlanReply(call)
  if (isTrue(call, 'x-ms-cosmos-is-batch-request')) return batch(call, store, container)
  if (isTrue(call, 'x-ms-documentdb-isquery')) return queryItems(call, store, container)
  return addItem(call, store, container)
}

function isTrue(call: Call, header: string): boolean {
  return call.header(header)?.toLowerCase() === 'true'
}
