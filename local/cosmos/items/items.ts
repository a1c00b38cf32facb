import type { Container } from '../containers/container.ts'
import { completePartitionKey } from '../containers/partition-key.ts'
import { CosmosError } from '../errors.ts'
import { type Call, jsonBody, type Reply } from '../http.ts'
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

/** GET, PUT, PATCH and DELETE of one item. */
export async function itemOperation(call: Call, store: Store, container: Container): Promise<Reply> {
  const address: ItemAddress = { ...parentAddress(call, container), id: call.segments[5] ?? '' }
  switch (call.method) {
    case 'GET':
      await store.commits.settled()
      return itemReply(readItem(address), container)
    case 'PUT': {
      const body = jsonBody(call)
      return itemReply(await store.commits.write(() => replaceItem(address, body)), container)
    }
    case 'PATCH': {
      const body = jsonBody(call)
      return itemReply(await store.commits.write(() => patchItem(address, body)), container)
    }
    case 'DELETE':
      return itemReply(await store.commits.write(() => deleteItem(address)), container)
    default:
      throw new CosmosError(405, `The method ${call.method} is not allowed on an item.`)
  }
}

/** POST of one item: create or upsert. */
export async function addItem(call: Call, store: Store, container: Container): Promise<Reply> {
  const address = parentAddress(call, container)
  const body = jsonBody(call)
  const add = call.header('x-ms-documentdb-is-upsert')?.toLowerCase() === 'true' ? upsertItem : createItem
  return itemReply(await store.commits.write(() => add(address, body)), container)
}

function parentAddress(call: Call, container: Container): Omit<ItemAddress, 'id'> {
  return {
    container,
    pk: completePartitionKey(call.header('x-ms-documentdb-partitionkey'), container.paths),
    ifMatch: call.header('if-match'),
    ifNoneMatch: call.header('if-none-match'),
  }
}

function itemReply(result: ItemResult, container: Container): Reply {
  return { ...result, container }
}
