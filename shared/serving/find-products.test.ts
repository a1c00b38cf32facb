import { describe, expect, test } from 'vitest'
import { putCounters, putItem, type ShopByHand, shopByHand } from '../../tests/served-shop.ts'
import { seededRandom } from '../algorithms/random.ts'
import { productSorts } from '../schemas/products.ts'
import { findProducts, type ProductPlace, type ProductSearch } from './find-products.ts'

async function cups(): Promise<ShopByHand> {
  const of = await shopByHand()
  const { documents } = of.ports
  const put = (id: string, item: Partial<Parameters<typeof putItem>[2]>) =>
    putItem(documents, id, { category: 'Cups', ...item })
  await put('c-1', { name: 'Café crème cup', brand: 'Müller', tags: ['new', 'red'], price: 20, added_at: 2000 })
  await put('c-2', { name: 'Tea cup', price: 10, inStock: false, added_at: 3000 })
  await put('c-3', { name: 'Cupboard', price: 30, hidden: true })
  return of
}

const idsOf = async ({ shop }: ShopByHand, search: Partial<ProductSearch>) =>
  (await findProducts(shop, { sort: 'name', limit: 100, ...search })).items.map(({ id }) => id)

describe('products are found', () => {
  test.each([
    [{ words: 'cup' }, ['c-1', 'c-3', 'c-2', 'cup']],
    [{ words: '  CREME cafe ' }, ['c-1']],
    [{ words: 'crè' }, ['c-1']],
    [{ words: 'muller' }, ['c-1']],
    [{ words: 'c-2' }, ['c-2']],
    [{ words: 'red' }, ['c-1']],
    // Within a word is not how one begins.
    [{ words: 'board' }, []],
    [{ words: 'tea cup' }, ['c-2']],
    [{ words: '!?', category: 'Cups' }, ['c-1', 'c-3', 'c-2']],
    [{ category: 'Cups', inStock: true }, ['c-1', 'c-3']],
    [{ category: 'Cups', inStock: false }, ['c-2']],
    [{ brand: 'Müller' }, ['c-1']],
    [{ tag: 'new' }, ['c-1']],
    [{ tag: 'old' }, []],
    [{ hidden: true }, ['c-3']],
    [{ priceMin: 10, priceMax: 20 }, ['c-1', 'c-2']],
    [{ category: 'Cups', sort: 'price' }, ['c-2', 'c-1', 'c-3']],
    [{ category: 'Cups', sort: '-price' }, ['c-3', 'c-1', 'c-2']],
    [{ category: 'Cups', sort: 'newest' }, ['c-2', 'c-1', 'c-3']],
  ] as [Partial<ProductSearch>, string[]][])('by %j: %j', async (search, ids) => {
    expect(await idsOf(await cups(), search)).toEqual(ids)
  })

  test('the most popular first, and by id what nobody cares for', async () => {
    const of = await cups()
    await putCounters(of.ports, { 'c-3': 5, 'c-2': 7 })
    expect(await idsOf(of, { category: 'Cups', sort: 'popularity' })).toEqual(['c-2', 'c-3', 'c-1'])
  })
})

test.each(productSorts)('page after page by %s is the whole, for any size of page', async sort => {
  const of = await shopByHand()
  const random = seededRandom(7)
  for (let index = 0; index < 40; index++) {
    const [price, added] = [Math.floor(random() * 5), Math.floor(random() * 4)]
    await putItem(of.ports.documents, `i${index}`, { category: 'Any', name: `N${price}`, price, added_at: added })
  }
  await putCounters(of.ports, { i3: 4, i9: 4, i12: 1 })
  const whole = await idsOf(of, { sort })
  expect(whole).toHaveLength(46)
  for (const limit of [1, 7, 45, 46]) {
    const shown: string[] = []
    let after: ProductPlace | undefined
    do {
      const page = await findProducts(of.shop, { sort, limit, after })
      expect(page.total).toBe(46)
      shown.push(...page.items.map(({ id }) => id))
      after = page.last
    } while (after)
    expect(shown, `${limit} a page`).toEqual(whole)
  }
})
