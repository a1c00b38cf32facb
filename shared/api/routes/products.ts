import { z } from 'zod'
import type { Item } from '../../schemas/catalogue.ts'
import { CategoryList, ProductDetails, ProductPage, ProductsQuery } from '../../schemas/products.ts'
import { ItemPath } from '../../schemas/requests.ts'
import { findProducts, type ProductPlace } from '../../serving/find-products.ts'
import { knownItem } from '../../serving/known-item.ts'
import type { Shop } from '../../serving/shop.ts'
import { access, checkRole } from '../access.ts'
import { type Endpoint, endpoint } from '../endpoint.ts'
import { entityTag } from '../if-match.ts'
import { productAnswer } from '../lists/list-answer.ts'
import { placeAt, placeCursorOf } from '../lists/place-cursor.ts'

export const listProducts = ({ shop }: { shop: Shop }): Endpoint =>
  endpoint({
    name: 'products',
    method: 'GET',
    path: '/api/products',
    access: access.catalogue,
    group: 'catalogue',
    summary:
      'The catalogue, page by page: by words, category, brand, tag, price and stock; by name, price, newest or popularity',
    input: { query: ProductsQuery },
    output: ProductPage,
    run: async ({ query }, request) => {
      const { limit, category, brand, tag, price_min: priceMin, price_max: priceMax, in_stock: inStock, hidden } = query
      // What is hidden is to be recommended to nobody: who asks which that is runs the shop.
      if (hidden !== undefined) checkRole(request.caller, access.operate)
      const { q, search, sort, cursor } = query
      const found = await findProducts(shop, {
        ...{ words: q ?? search, category, brand, tag, priceMin, priceMax, inStock, hidden, sort, limit },
        after: cursor === undefined ? undefined : placeAt(cursor, sort, placeOf),
      })
      const { categories } = await shop.catalogue()
      return {
        body: {
          items: found.items.map(detailsAnswer),
          total: found.total,
          categories: [...categories],
          next_cursor: found.last ? placeCursorOf(sort, [found.last.value, found.last.id]) : null,
        },
      }
    },
  })

export const oneProduct = ({ shop }: { shop: Shop }): Endpoint =>
  endpoint({
    name: 'product',
    method: 'GET',
    path: '/api/products/{id}',
    access: access.catalogue,
    group: 'catalogue',
    summary: 'One product, with the version that a change of it may name',
    input: { path: ItemPath },
    output: ProductDetails,
    headers: ['etag'],
    refuses: ['unknown_item'],
    run: async ({ path }) => {
      const item = await knownItem(path.id, shop)
      return { headers: { etag: entityTag(item.row_hash) }, body: detailsAnswer(item) }
    },
  })

export const listCategories = ({ shop }: { shop: Shop }): Endpoint =>
  endpoint({
    name: 'categories',
    method: 'GET',
    path: '/api/categories',
    access: access.catalogue,
    group: 'catalogue',
    summary: 'All categories with how many products they have, the largest first',
    output: CategoryList,
    run: async () => ({ body: { items: [...(await shop.catalogue()).categories], next_cursor: null } }),
  })

const Place = z.tuple([z.union([z.string(), z.number()]), z.string()])

function placeOf(raw: unknown[]): ProductPlace | undefined {
  const place = Place.safeParse(raw)
  return place.success ? { value: place.data[0], id: place.data[1] } : undefined
}

function detailsAnswer(item: Item): ProductDetails {
  const { brand = null, tags = [], channels = [], regions = [], min_age = null, hidden = false, added_at: added } = item
  const added_at = added === undefined ? null : new Date(added).toISOString()
  return { ...productAnswer(item), brand, tags, channels, regions, min_age, hidden, added_at }
}
