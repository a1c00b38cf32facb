import { accountReply } from './account.ts'
import type { Container } from './containers/container.ts'
import { containers, databases } from './containers/containers.ts'
import { offers } from './containers/offers.ts'
import { feedWithinThroughput } from './containers/within-throughput.ts'
import { badRequest, CosmosError } from './errors.ts'
import type { Call, Reply } from './http.ts'
import { batch } from './items/batch.ts'
import { changeFeed } from './items/change-feed.ts'
import { addItem, itemOperation } from './items/items.ts'
import { partitionKeyRanges } from './partitions/partition-key-ranges.ts'
import { queryItems, readFeed } from './query/query.ts'
import { queryPlanReply } from './query/query-plan.ts'
import type { Store } from './store.ts'

const CONSISTENCY_LEVELS = ['session', 'consistentprefix', 'eventual']

/** @throws CosmosError for everything Azure refuses and for what this server does not cover */
export async function route(call: Call, store: Store, url: string): Promise<Reply> {
  const [root, databaseId = '', second, containerId = '', third, itemId] = call.segments
  const { length } = call.segments
  checkConsistency(call)
  if (length === 0) return accountReply(call, url)
  if (root === 'offers' && length <= 2) return offers(call, store)
  if (root === 'dbs' && length <= 2) return databases(call, store)
  if (root === 'dbs' && second === 'colls' && length <= 4) return containers(call, store)
  if (root === 'dbs' && second === 'colls' && length <= 6) {
    const container = store.ownerContainer(databaseId, containerId)
    if (third === 'pkranges' && length === 5) return partitionKeyRanges(container)
    if (third === 'docs' && itemId !== undefined) return itemOperation(call, store, container)
    if (third === 'docs') return items(call, store, container)
  }
  throw badRequest(`The resource /${call.segments.join('/')} is not supported by the local server.`)
}

async function items(call: Call, store: Store, container: Container): Promise<Reply> {
  if (call.method === 'GET') {
    const answer = call.header('a-im') === undefined ? readFeed : changeFeed
    return feed(call, store, container, answer)
  }
  if (call.method !== 'POST') throw new CosmosError(405, `The method ${call.method} is not allowed on a feed of items.`)
  if (isTrue(call, 'x-ms-cosmos-is-query-plan-request')) return queryPlanReply(call, container)
  if (isTrue(call, 'x-ms-cosmos-is-batch-request')) return batch(call, store, container)
  if (isTrue(call, 'x-ms-documentdb-isquery')) return feed(call, store, container, queryItems)
  return addItem(call, store, container)
}

// No write is open when the throughput is looked at: the answer then follows within the same turn, before another's.
async function feed(call: Call, store: Store, container: Container, answer: typeof readFeed): Promise<Reply> {
  await store.commits.settled()
  return feedWithinThroughput(call, container, () => answer(call, store, container))
}

// A request may ask for less than the account's consistency, which is Session, not for more.
function checkConsistency(call: Call): void {
  const level = call.header('x-ms-consistency-level')
  if (level === undefined || CONSISTENCY_LEVELS.includes(level.toLowerCase())) return
  throw badRequest(
    `The consistency level '${level}' is not valid: the account's is Session, which cannot be strengthened.`,
  )
}

function isTrue(call: Call, header: string): boolean {
  return call.header(header)?.toLowerCase() === 'true'
}
