import type { Call } from './api-request.ts'

type HappyCall = [name: string, sent: Call, status: number]

const pen = { path: { id: 'pen' } }
const ben = { path: { id: 'ben' } }
const penOf = { name: 'The best pen', price: 3 }

/** Calls of the catalogue's routes that answer what they promise. */
export const catalogueCalls: HappyCall[] = [
  ['products', {}, 200],
  ['products', { query: { category: 'Office', q: 'pen', sort: '-price', limit: '100' } }, 200],
  ['products', { query: { brand: 'Acme', tag: 'new', price_min: '1', in_stock: 'true', sort: 'popularity' } }, 200],
  ['products', { query: { search: 'pe', hidden: 'false', sort: 'newest' } }, 200],
  ['product', pen, 200],
  ['product-create', { body: { product_id: 'nib', ...penOf, tags: ['new'], stock: 3 } }, 202],
  ['product-set', { ...pen, body: penOf }, 202],
  ['product-patch', { ...pen, body: { price: 2.5, tags: null } }, 202],
  ['product-delete', pen, 202],
  ['categories', {}, 200],
]

/** Calls for lists of many that answer what they promise. */
export const batchCalls: HappyCall[] = [
  ['recommend-batch', { body: { users: ['anna', 'nobody', 'a/b'], limit: 2 } }, 200],
  ['recommend-batch', { body: { users: ['anna'], async: true, placement: 'email' } }, 202],
  ['exports', { query: { limit: '5' } }, 200],
]

/** Calls that ask what the service is; no model is in memory yet. */
export const serviceCalls: HappyCall[] = [
  ['health-live', {}, 200],
  ['health-ready', {}, 503],
  ['metadata', {}, 200],
  ['costs', {}, 200],
]

/** Calls of the users' routes that answer what they promise; ben has a customer's record. */
export const userCalls: HappyCall[] = [
  ['users', {}, 200],
  ['users', { query: { limit: '1', country: 'Malta', segment: 'loyal' } }, 200],
  ['user', ben, 200],
  ['user-create', { body: { user_id: 'cleo', country: 'Italy', email: 'cleo@example.com' } }, 202],
  ['user-set', { ...ben, body: { country: 'Malta', birth_year: 1980 } }, 202],
  ['user-patch', { ...ben, body: { region: 'Gozo' } }, 202],
  ['user-delete', ben, 202],
  ['user-interactions', { path: { id: 'anna' }, query: { event_type: 'view' } }, 200],
  ['feedback', { path: { id: 'anna' }, body: { item_id: 'pad', value: 'down' } }, 202],
]
