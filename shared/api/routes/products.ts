import { Product, ProductPage } from '../../schemas/answers.ts'
import { AppError } from '../../schemas/errors.ts'
import { ItemPath, ProductsQuery } from '../../schemas/requests.ts'
import { findProducts } from '../../serving/find-products.ts'
import { knownItem } from '../../serving/known-item.ts'
import type { Shop } from '../../serving/shop.ts'
import { access } from '../access.ts'
import { type Endpoint, endpoint } from '../endpoint.ts'
import { productAnswer } from '../lists/list-answer.ts'

export const listProducts = ({ shop }: { shop: Shop }): Endpoint =>
  endpoint({
    name: 'products',
    method: 'GET',
    path: '/api/products',
    access: access.catalogue,
    group: 'catalogue',
    summary: 'The catalogue, page by page: by category, by words of the name, by name or price',
    input: { query: ProductsQuery },
    output: ProductPage,
    run: async ({ query }) => {
      const { limit, category, q: words, sort } = query
      const offset = query.cursor === undefined ? 0 : decodeCursor(query.cursor)
      const catalogue = await shop.catalogue()
      const found = findProducts(catalogue, { category, words, sort })
      const next = offset + limit < found.length ? encodeCursor(offset + limit) : null
      return {
        body: {
          items: found.slice(offset, offset + limit).map(productAnswer),
          total: found.length,
          categories: [...catalogue.categories],
          next_cursor: next,
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
    summary: 'One product',
    input: { path: ItemPath },
    output: Product,
    refuses: ['unknown_item'],
    run: async ({ path }) => ({ body: productAnswer(await knownItem(path.id, shop)) }),
  })

function encodeCursor(offset: number): string {
  return Buffer.from(`o${offset}`).toString('base64url')
}

function decodeCursor(cursor: string): number {
  const offset = /^o(\d{1,9})$/.exec(Buffer.from(cursor, 'base64url').toString())?.[1]
  if (offset !== undefined) return Number(offset)
  const reason = 'must be a next_cursor of an earlier answer'
  throw new AppError('invalid_query', `The query is not valid as cursor ${reason}: current value is "${cursor}"`, [
    { code: 'invalid', field: 'cursor', value: cursor, reason },
  ])
}
