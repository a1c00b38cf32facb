import type { Container } from '../containers/container.ts'
import { completePartitionKey } from '../containers/partition-key.ts'
import { withinThroughput } from '../containers/within-throughput.ts'
import { badRequest, CosmosError } from '../errors.ts'
import { type Call, jsonBody, type Reply } from '../http.ts'
import { checkSession } from '../partitions/session.ts'
import type { Store } from '../store.ts'
import {
  createItem,
  deleteItem,
  type ItemAddress,
  type ItemResult,
  patchItem,
  readItem,
  replaceItem,
  upsertItem,
} from './item-writes.ts'

const METHODS = ['GET', 'PUT', 'PATCH', 'DELETE']

/** GET, PUT, PATCH and DELETE of one item. */
export async function itemOperation(call: Call, store: Store, container: Container): Promise<Reply> {
  checkTriggers(call)
  if (!METHODS.includes(call.method)) throw new CosmosError(405, `The method ${call.method} is not allowed on an item.`)
  const address: ItemAddress = { ...parentAddress(call, container), id: call.segments[5] ?? '' }
  const charged = (operation: () => ItemResult) => () => withinThroughput(container, address.pk, operation)
  switch (call.method) {
    case 'PUT': {
      const body = jsonBody(call)
      return writeReply(call, await store.commits.write(charged(() => replaceItem(address, body))), address)
    }
    case 'PATCH': {
      const body = jsonBody(call)
      return writeReply(call, await store.commits.write(charged(() => patchItem(address, body))), address)
    }
    case 'DELETE':
      return writeReply(call, await store.commits.write(charged(() => deleteItem(address))), address)
    default:
      await store.commits.settled()
      checkSession(call, container.partitions.of(address.pk))
      return itemReply(charged(() => readItem(address))(), address)
  }
}

/** POST of one item: create or upsert. */
export async function addItem(call: Call, store: Store, container: Container): Promise<Reply> {
  checkTriggers(call)
  const address = parentAddress(call, container)
  const body = jsonBody(call)
  const add = call.header('x-ms-documentdb-is-upsert')?.toLowerCase() === 'true' ? upsertItem : createItem
  const charged = () => withinThroughput(container, address.pk, () => add(address, body))
  return writeReply(call, await store.commits.write(charged), address)
}

// A trigger that is not there fails the write in Azure; here there are none.
function checkTriggers(call: Call): void {
  for (const when of ['pre', 'post']) {
    const names = call.header(`x-ms-documentdb-${when}-trigger-include`)
    if (names) throw badRequest(`The ${when}-trigger '${names}' does not exist.`)
  }
}

function parentAddress(call: Call, container: Container): Omit<ItemAddress, 'id'> {
  return {
    container,
    pk: completePartitionKey(call.header('x-ms-documentdb-partitionkey'), container.paths),
    ifMatch: call.header('if-match'),
    ifNoneMatch: call.header('if-none-match'),
  }
}

// A client that wants no content back gets the etag alone.
function writeReply(call: Call, result: ItemResult, address: Omit<ItemAddress, 'id'>): Reply {
  const minimal = call.header('prefer')?.toLowerCase() === 'return=minimal'
  return itemReply(minimal ? { ...result, body: undefined } : result, address)
}

function itemReply(
  result: Omit<ItemResult, 'body'> & Pick<Reply, 'body'>,
  { container, pk }: Omit<ItemAddress, 'id'>,
): Reply {
  return { ...result, container, partition: container.partitions.of(pk) }
}
