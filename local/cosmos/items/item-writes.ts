import { randomUUID } from 'node:crypto'
import type { Container } from '../containers/container.ts'
import { resourceId } from '../containers/container-definition.ts'
import { countIndexedPaths } from '../containers/index-policy.ts'
import { type PartitionKeyText, partitionKeyOf } from '../containers/partition-key.ts'
import { badRequest, CosmosError, conflict, notFound, preconditionFailed } from '../errors.ts'
import { isObject, type Json, type JsonObject } from '../json.ts'
import { createCharge, deleteCharge, readCharge, replaceCharge } from '../ru.ts'
import { nowSeconds } from '../store.ts'
import { checkNesting } from './check-nesting.ts'
import type { ItemRow } from './item-table.ts'
import { patchDocument } from './patch.ts'
import { isExpired, itemTtl } from './ttl.ts'

const MAX_ITEM_BYTES = 2 * 1024 * 1024

export interface ItemResult {
  status: 200 | 201 | 204 | 304
  charge: number
  etag: string
  body?: string
}

/** What addresses an item and on what condition; the same for single operations and for those of a batch. */
export interface ItemAddress {
  container: Container
  pk: PartitionKeyText
  id: string
  ifMatch?: string | undefined
  ifNoneMatch?: string | undefined
}

export function readItem(address: ItemAddress): ItemResult {
  const item = existing(address)
  const charge = readCharge(item.body.length)
  const { ifNoneMatch, ifMatch } = address
  if (ifMatch !== undefined && ifMatch !== '*' && ifMatch !== item.etag) throw preconditionFailed()
  if (ifNoneMatch === item.etag || ifNoneMatch === '*') return { status: 304, charge, etag: item.etag }
  return { status: 200, charge, etag: item.etag, body: item.body }
}

export function createItem(address: Omit<ItemAddress, 'id'>, body: Json): ItemResult {
  const { container, pk } = address
  const document = checkDocument(container, pk, body)
  const id = resourceId(document.id)
  if (live(container, pk, id)) throw conflict(`item '${id}'`)
  return insert(container, pk, id, document)
}

export function upsertItem(address: Omit<ItemAddress, 'id'>, body: Json): ItemResult {
  const { container, pk } = address
  const document = checkDocument(container, pk, body)
  const id = resourceId(document.id)
  const item = live(container, pk, id)
  if (item) {
    checkMatch(address.ifMatch, item)
    return update(container, item, document)
  }
  if (address.ifMatch !== undefined) throw preconditionFailed()
  return insert(container, pk, id, document)
}

export function replaceItem(address: ItemAddress, body: Json): ItemResult {
  const { container, pk } = address
  const document = checkDocument(container, pk, body)
  const id = resourceId(document.id)
  if (id !== address.id) {
    throw badRequest(`The id of the document, '${id}', does not match the id of the request, '${address.id}'.`)
  }
  const item = existing(address)
  checkMatch(address.ifMatch, item)
  return update(container, item, document)
}

export function patchItem(address: ItemAddress, body: Json): ItemResult {
  const { container } = address
  const item = existing(address)
  checkMatch(address.ifMatch, item)
  const before: JsonObject = JSON.parse(item.body)
  const after = patchDocument(before, body, container.paths)
  return update(container, item, checkDocument(container, address.pk, after))
}

export function deleteItem(address: ItemAddress): ItemResult {
  const { container } = address
  const item = existing(address)
  checkMatch(address.ifMatch, item)
  container.partitions.of(address.pk).nextNumber()
  container.items.delete(item.rid)
  container.uniqueKeys?.release(item.rid)
  return {
    status: 204,
    charge: deleteCharge(item.body.length, indexed(container, JSON.parse(item.body))),
    etag: item.etag,
  }
}

function existing(address: ItemAddress): ItemRow {
  const item = live(address.container, address.pk, address.id)
  if (!item) throw notFound(`item '${address.id}'`)
  return item
}

function live(container: Container, pk: PartitionKeyText, id: string): ItemRow | undefined {
  const item = container.items.get(pk, id)
  return item && !isExpired(item, container.defaultTtl, nowSeconds()) ? item : undefined
}

function isGone(container: Container, rid: number): boolean {
  const item = container.items.byRid(rid)
  return !item || isExpired(item, container.defaultTtl, nowSeconds())
}

function insert(container: Container, pk: PartitionKeyText, id: string, document: JsonObject): ItemResult {
  const number = container.partitions.of(pk).nextNumber()
  const item = stamped(container, { pk, id, rid: number, lsn: number }, document)
  container.uniqueKeys?.hold(pk, item.rid, document, rid => isGone(container, rid))
  const expired = container.items.get(pk, id)
  if (expired) container.items.delete(expired.rid)
  container.items.insert(item)
  return {
    status: 201,
    charge: createCharge(item.body.length, indexed(container, document)),
    etag: item.etag,
    body: item.body,
  }
}

function update(container: Container, before: ItemRow, document: JsonObject): ItemResult {
  const lsn = container.partitions.of(before.pk).nextNumber()
  const item = stamped(container, { ...before, lsn }, document)
  container.uniqueKeys?.hold(item.pk, item.rid, document, rid => isGone(container, rid))
  container.items.update(item)
  return {
    status: 200,
    charge: replaceCharge(item.body.length, indexed(container, document)),
    etag: item.etag,
    body: item.body,
  }
}

/** What a write has to index: property paths and unique keys. */
function indexed(container: Container, document: JsonObject): number {
  return countIndexedPaths(document, container.policy) + (container.uniqueKeys?.count ?? 0)
}

// The number of the change was drawn by the caller: an item's first one is its resource id for good.
function stamped(container: Container, key: Pick<ItemRow, 'rid' | 'pk' | 'id' | 'lsn'>, document: JsonObject): ItemRow {
  const { rid, pk, id, lsn } = key
  const ttl = itemTtl(document)
  const etag = `"${randomUUID()}"`
  const ts = nowSeconds()
  const name = container.itemRid(rid)
  document._rid = name
  document._self = `dbs/${container.database.number}/colls/${container.rid}/docs/${name}/`
  document._etag = etag
  document._attachments = 'attachments/'
  document._ts = ts
  const body = JSON.stringify(document)
  if (body.length * 3 > MAX_ITEM_BYTES && Buffer.byteLength(body) > MAX_ITEM_BYTES) {
    throw new CosmosError(413, `Request size is too large: the item '${id}' is larger than ${MAX_ITEM_BYTES} bytes.`)
  }
  return { rid, pk, id, body, etag, lsn, ts, ttl }
}

function checkMatch(ifMatch: string | undefined, item: ItemRow): void {
  if (ifMatch !== undefined && ifMatch !== '*' && ifMatch !== item.etag) throw preconditionFailed()
}

function checkDocument(container: Container, pk: PartitionKeyText, body: Json): JsonObject {
  if (!isObject(body)) throw badRequest('The input content is invalid because a document must be a JSON object.')
  itemTtl(body)
  checkNesting(body)
  if (partitionKeyOf(body, container.paths) !== pk) {
    throw badRequest("PartitionKey extracted from document doesn't match the one specified in the header.", 1001)
  }
  return body
}
