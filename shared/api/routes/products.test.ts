import { describe, expect, test } from 'vitest'
import { allRoles } from '../../../tests/api-request.ts'
import { livingShop } from '../../../tests/living-shop.ts'
import { putItem } from '../../../tests/served-shop.ts'
import { collections } from '../../schemas/collections.ts'
import { AcceptedChange, ProductDetails, ProductPage } from '../../schemas/products.ts'

const reader = { ...allRoles, roles: new Set(['reader' as const]) }

async function living() {
  const of = await livingShop()
  return { ...of, product: (id: string) => of.call('product', { path: { id } }) }
}

describe('a page of products', () => {
  test('follows the one before, though products come and go in between', async () => {
    const { ports, call } = await living()
    const page = async (cursor?: string | null) =>
      ProductPage.parse((await call('products', { query: { limit: '2', ...(cursor ? { cursor } : {}) } })).json)
    const first = await page()
    expect(first.items.map(({ item_id }) => item_id)).toEqual(['cup', 'ink'])
    await putItem(ports.documents, 'ant', { category: 'Garden', name: 'An ant' })
    await putItem(ports.documents, 'ink', { category: 'Office', name: 'Zinc ink', price: 2 })
    ports.advance(1100)
    const second = await page(first.next_cursor)
    expect([second.items.map(({ item_id }) => item_id), second.total]).toEqual([['jam', 'pad'], 7])
  })

  test('does not go on in another order than the one before', async () => {
    const { call } = await living()
    const { next_cursor: cursor } = ProductPage.parse((await call('products', { query: { limit: '2' } })).json)
    const { status, json } = await call('products', { query: { sort: 'price', cursor: String(cursor) } })
    expect([status, json]).toEqual([
      400,
      expect.objectContaining({ errors: [expect.objectContaining({ field: 'cursor' })] }),
    ])
  })

  test('tells only operators what is hidden', async () => {
    const { call } = await living()
    expect((await call('products', { query: { hidden: 'true' }, caller: reader })).status).toBe(403)
    expect((await call('products', { query: { in_stock: 'true' }, caller: reader })).status).toBe(200)
  })

  test('names all that may be seen of a product, and never what the shop pays for it', async () => {
    const { ports, product } = await living()
    await putItem(ports.documents, 'nib', {
      category: 'Office',
      brand: 'Acme',
      tags: ['new'],
      hidden: true,
      added_at: 0,
    })
    const stored = await ports.documents.read(collections.items, { id: 'nib', partition: 'nib' })
    if (stored) await ports.documents.upsert(collections.items, { ...stored.document, cost: 0.5, margin: 0.5 })
    expect((await product('nib')).json).toEqual({
      ...{
        item_id: 'nib',
        name: 'The nib',
        category: 'Office',
        price: 1,
        in_stock: true,
        brand: 'Acme',
        tags: ['new'],
      },
      ...{ channels: [], regions: [], min_age: null, hidden: true, added_at: '1970-01-01T00:00:00.000Z' },
    })
  })
})

describe('a product', () => {
  test('is made, changed, set anew and taken away by way of the hub', async () => {
    const { call, settle, product, ports, now } = await living()
    const told = {
      name: 'Nib',
      price: 2,
      category: 'Office',
      brand: 'Acme',
      tags: ['new'],
      min_age: 18,
      hidden: true,
      stock: 4,
    }
    const created = await call('product-create', { body: { item_id: 'nib 1', ...told } })
    const { change_id, ...accepted } = AcceptedChange.parse(created.json)
    expect([created.status, created.headers.location, accepted]).toEqual([
      202,
      '/api/products/nib%201',
      { op: 'insert', item_id: 'nib 1', accepted_at: now() },
    ])
    expect(ports.appended.at(-1)).toMatchObject({ key: 'nib 1', body: { change_id, entity: 'item', op: 'insert' } })
    expect((await product('nib 1')).status).toBe(404)
    await settle()
    const details = { item_id: 'nib 1', name: 'Nib', category: 'Office', price: 2, in_stock: true, min_age: 18 }
    expect((await product('nib 1')).json).toMatchObject({ ...details, tags: ['new'], brand: 'Acme', hidden: true })

    const patch = { price: 3, tags: null, hidden: null, min_age: null, in_stock: false }
    expect((await call('product-patch', { path: { id: 'nib 1' }, body: patch })).status).toBe(202)
    await settle()
    const patched = { ...details, price: 3, in_stock: false, min_age: null, tags: [], hidden: false, brand: 'Acme' }
    expect((await product('nib 1')).json).toMatchObject(patched)

    await call('product-patch', { path: { id: 'nib 1' }, body: { tags: ['old'] } })
    await settle()
    expect((await call('product-set', { path: { id: 'nib 1' }, body: { name: 'Nib two', price: 1 } })).status).toBe(202)
    await settle()
    expect(ProductDetails.parse((await product('nib 1')).json)).toMatchObject({
      ...{ name: 'Nib two', price: 1, category: 'Other', in_stock: true, tags: [], brand: 'Acme' },
    })

    const gone = await call('product-delete', { path: { id: 'nib 1' } })
    expect([gone.status, gone.headers.location]).toEqual([202, undefined])
    await settle()
    expect((await product('nib 1')).status).toBe(404)
    expect((await call('product-create', { body: { item_id: 'nib 1', name: 'Back', price: 1 } })).status).toBe(202)
  })

  test('that is there is not made again; one that is not cannot be changed', async () => {
    const { call, ports } = await living()
    const made = await call('product-create', { body: { product_id: 'pen', name: 'Pen', price: 1 } })
    expect([made.status, made.json]).toEqual([
      409,
      expect.objectContaining({
        code: 'already_exists',
        errors: [{ code: 'exists', field: 'item_id', value: 'pen', reason: 'is in the catalogue already' }],
      }),
    ])
    const unicorn = { path: { id: 'unicorn' } }
    expect((await call('product-patch', { ...unicorn, body: { price: 1 } })).json).toMatchObject({
      code: 'unknown_item',
    })
    expect((await call('product-delete', unicorn)).json).toMatchObject({ status: 404, code: 'unknown_item' })
    expect((await call('product-set', { ...unicorn, body: { name: 'Unicorn', price: 1 } })).status).toBe(202)
    expect(ports.appended).toHaveLength(1)
  })

  test.each(['product-set', 'product-patch', 'product-delete'])(
    'is not changed by %s that means another version',
    async name => {
      const { call, product, settle, ports } = await living()
      const body = name === 'product-delete' ? undefined : { name: 'Pen', price: 9 }
      const send = (match: string) => call(name, { path: { id: 'pen' }, body, headers: { 'if-match': match } })
      const { etag = '' } = (await product('pen')).headers
      expect(await send('"another"')).toMatchObject({ status: 412, json: { code: 'precondition_failed' } })
      expect(ports.appended).toHaveLength(0)
      expect((await send(etag)).status).toBe(202)
      await settle()
      expect((await send(etag)).status).toBe(name === 'product-delete' ? 404 : 412)
    },
  )
})

describe('a product is refused', () => {
  const whole = { name: 'Nib', price: 1 }
  test.each([
    ['product-create', { ...whole }, 'item_id', 'is needed, or product_id, and not both'],
    ['product-create', { ...whole, item_id: 'a', product_id: 'a' }, 'item_id', 'and not both'],
    ['product-create', { ...whole, item_id: 'a/b' }, 'item_id', 'must be 1 to 128 characters'],
    ['product-create', { item_id: 'nib', price: 1 }, 'name', 'is missing'],
    ['product-create', { item_id: 'nib', ...whole, price: -1 }, 'price', 'must be a number from 0 to 1,000,000'],
    ['product-set', { ...whole, stock: 1.5 }, 'stock', 'must be a whole number'],
    ['product-set', { ...whole, colour: 'red' }, 'colour', 'is not known here'],
    ['product-set', { ...whole, item_id: 'other' }, 'item_id', 'is not known here'],
    ['product-patch', {}, '(body)', 'must tell at least one field'],
    ['product-patch', { name: null }, 'name', 'must be a text'],
    ['product-patch', { tags: ['a|b'] }, 'tags[0]', 'must be a text without |'],
  ])('by %s of %j: %s %s', async (name, body, field, reason) => {
    const { call, ports } = await living()
    const path: Record<string, string> = name === 'product-create' ? {} : { id: 'pen' }
    const { status, json } = await call(name, { path, body })
    expect([status, json]).toMatchObject([400, { errors: [{ field, reason: expect.stringContaining(reason) }] }])
    expect(ports.appended).toHaveLength(0)
  })
})
