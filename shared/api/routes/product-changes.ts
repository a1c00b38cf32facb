import type { z } from 'zod'
import { sendChange } from '../../ingest/catalog-changes/send-change.ts'
import type { Ports } from '../../ports.ts'
import { type Item, isOffered } from '../../schemas/catalogue.ts'
import { collections } from '../../schemas/collections.ts'
import { AppError } from '../../schemas/errors.ts'
import { AcceptedChange, NewProduct, ProductBody, ProductPatch } from '../../schemas/products.ts'
import { ItemPath } from '../../schemas/requests.ts'
import { unknownItem } from '../../serving/known-item.ts'
import { access } from '../access.ts'
import { type Answer, type Endpoint, endpoint } from '../endpoint.ts'
import { checkPreconditions } from '../if-match.ts'
import type { ApiRequest } from '../request.ts'

type Need = { ports: Pick<Ports, 'documents' | 'eventLog' | 'clock' | 'uuid'>; pseudonymKey: string }

const onItsWay = 'It goes the way of all changes of the catalogue and is served within a second or two'

export const createProduct = (need: Need): Endpoint =>
  endpoint({
    name: 'product-create',
    method: 'POST',
    path: '/api/products',
    access: access.write,
    group: 'catalogue',
    summary: `Brings a new product into the catalogue. ${onItsWay}`,
    input: { body: NewProduct },
    status: 202,
    output: AcceptedChange,
    headers: ['location'],
    refuses: ['already_exists'],
    run: async ({ body: { item_id: itemId, product_id: older = '', ...told } }) => {
      const id = itemId ?? older
      if (await offeredItem(id, need.ports)) throw alreadyThere(id)
      return changed({ op: 'insert', id, data: wholeProduct(told) }, need)
    },
  })

export const putProduct = (need: Need): Endpoint =>
  endpoint({
    name: 'product-set',
    method: 'PUT',
    path: '/api/products/{id}',
    access: access.write,
    group: 'catalogue',
    summary: `Sets all of a product, or makes it: what is left out is as of a new one, but brand and cost stay. ${onItsWay}`,
    input: { path: ItemPath, body: ProductBody },
    status: 202,
    output: AcceptedChange,
    headers: ['location'],
    refuses: ['precondition_failed'],
    run: async ({ path: { id }, body }, request) => {
      checkPreconditions(request, (await offeredItem(id, need.ports))?.row_hash)
      return changed({ op: 'insert', id, data: wholeProduct(body) }, need)
    },
  })

export const patchProduct = (need: Need): Endpoint =>
  endpoint({
    name: 'product-patch',
    method: 'PATCH',
    path: '/api/products/{id}',
    access: access.write,
    group: 'catalogue',
    summary: `Changes some of a product, as a merge patch (RFC 7396). ${onItsWay}`,
    input: { path: ItemPath, body: ProductPatch },
    status: 202,
    output: AcceptedChange,
    headers: ['location'],
    refuses: ['unknown_item', 'precondition_failed'],
    run: async ({ path: { id }, body }, request) => {
      await meantItem(id, request, need.ports)
      return changed({ op: 'update', id, data: withoutNulls(body) }, need)
    },
  })

export const deleteProduct = (need: Need): Endpoint =>
  endpoint({
    name: 'product-delete',
    method: 'DELETE',
    path: '/api/products/{id}',
    access: access.write,
    group: 'catalogue',
    summary: `Takes a product out of the catalogue and of all lists. ${onItsWay}`,
    input: { path: ItemPath },
    status: 202,
    output: AcceptedChange,
    refuses: ['unknown_item', 'precondition_failed'],
    run: async ({ path: { id } }, request) => {
      await meantItem(id, request, need.ports)
      return changed({ op: 'delete', id }, need)
    },
  })

interface ProductChange {
  op: z.infer<typeof AcceptedChange>['op']
  id: string
  data?: Readonly<Record<string, unknown>> | undefined
}

async function changed(
  { op, id, data }: ProductChange,
  { ports, pseudonymKey }: Need,
): Promise<Answer<z.infer<typeof AcceptedChange>>> {
  const { changeId, acceptedAt } = await sendChange({ op, entity: 'item', key: id, data }, pseudonymKey, ports)
  return {
    ...(op === 'delete' ? {} : { headers: { location: `/api/products/${encodeURIComponent(id)}` } }),
    body: { change_id: changeId, op, item_id: id, accepted_at: acceptedAt },
  }
}

/** What a product is that nothing else is said of: each field is told, so that none stays from before. */
function wholeProduct(told: ProductBody): Record<string, unknown> {
  const isInStock = told.stock === undefined || told.stock > 0
  const plain = {
    category: 'Other',
    in_stock: isInStock,
    tags: [],
    channels: [],
    regions: [],
    min_age: 0,
    hidden: false,
  }
  return { ...plain, ...told }
}

/** Where a change cannot say that there is none of something, it says that there are no such: an empty list, no age, not hidden. */
function withoutNulls(patch: ProductPatch): Record<string, unknown> {
  const none = { tags: [], channels: [], regions: [], min_age: 0, hidden: false } as const
  const taken = Object.entries(none).filter(([field]) => patch[field as keyof typeof none] === null)
  return { ...patch, ...Object.fromEntries(taken) }
}

/** The item as it is stored now, not as an instance remembers it. */
async function offeredItem(id: string, { documents }: Pick<Ports, 'documents'>): Promise<Item | undefined> {
  const stored = await documents.read(collections.items, { id, partition: id })
  return stored && isOffered(stored.document) ? stored.document : undefined
}

/** @throws AppError `unknown_item`, or `precondition_failed` for another version of it */
async function meantItem(id: string, request: ApiRequest, ports: Pick<Ports, 'documents'>): Promise<void> {
  const item = await offeredItem(id, ports)
  if (!item) throw unknownItem(id)
  checkPreconditions(request, item.row_hash)
}

function alreadyThere(id: string): AppError {
  const reason = 'is in the catalogue already'
  return new AppError('already_exists', `There is an item ${id} already: PUT or PATCH /api/products/${id} changes it`, [
    { code: 'exists', field: 'item_id', value: id, reason },
  ])
}
