import type { Call } from './api-request.ts'

type HappyCall = [name: string, sent: Call, status: number]

const pen = { path: { id: 'pen' } }
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
