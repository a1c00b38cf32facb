import type { Item } from '../schemas/catalogue.ts'
import type { ProductSort } from '../schemas/products.ts'
import { popularItems } from '../sources/popular.ts'
import type { Candidate } from '../sources/source.ts'
import { hasWords, wordsOf } from './search-text.ts'
import type { Shop } from './shop.ts'

/** Which products, and from where on. */
export interface ProductSearch {
  words?: string | undefined
  category?: string | undefined
  brand?: string | undefined
  tag?: string | undefined
  priceMin?: number | undefined
  priceMax?: number | undefined
  inStock?: boolean | undefined
  hidden?: boolean | undefined
  sort: ProductSort
  /** The last product of the page before. */
  after?: ProductPlace | undefined
  limit: number
}

/** A product's place in an order: what it is sorted by, then its id. */
export interface ProductPlace {
  value: string | number
  id: string
}

export interface FoundProducts {
  items: readonly Item[]
  /** On all pages. */
  total: number
  /** Where the next page begins after; undefined when there is none. */
  last: ProductPlace | undefined
}

/**
 * A page of the products that match, in the order asked for, ties by id. Pages follow each other by what they show, so that
 * a product that comes or goes in between moves no other to another page.
 */
export async function findProducts(shop: Shop, search: ProductSearch): Promise<FoundProducts> {
  const { limit, after } = search
  const [catalogue, sortedBy] = [await shop.catalogue(), await sortingValue(shop, search.sort)]
  const matches = matcher(search)
  // The best so far, in order: one more than the page holds, to know whether there is another.
  const best: { item: Item; place: ProductPlace }[] = []
  let total = 0
  for (const item of catalogue.byName) {
    if (!matches(item)) continue
    total += 1
    const place = { value: sortedBy(item), id: item.id }
    if (after && compare(place, after) <= 0) continue
    const worst = best[limit]
    if (worst && compare(place, worst.place) >= 0) continue
    if (worst) best.pop()
    best.splice(indexFor(place, best), 0, { item, place })
  }
  const page = best.slice(0, limit)
  return { items: page.map(({ item }) => item), total, last: best.length > limit ? page.at(-1)?.place : undefined }
}

function matcher(search: ProductSearch): (item: Item) => boolean {
  const { category, brand, tag, priceMin = 0, priceMax = Number.POSITIVE_INFINITY, inStock, hidden } = search
  const words = wordsOf(search.words ?? '')
  return item =>
    (category === undefined || item.category === category) &&
    (brand === undefined || item.brand === brand) &&
    (tag === undefined || item.tags?.includes(tag) === true) &&
    (inStock === undefined || item.in_stock === inStock) &&
    (hidden === undefined || (item.hidden ?? false) === hidden) &&
    item.price >= priceMin &&
    item.price <= priceMax &&
    hasWords(item, words)
}

async function sortingValue(shop: Shop, sort: ProductSort): Promise<(item: Item) => string | number> {
  switch (sort) {
    case 'name':
      return ({ name }) => name
    case 'price':
      return ({ price }) => price
    case '-price':
      return ({ price }) => -price
    case 'newest':
      return ({ added_at: addedAt = 0 }) => -addedAt
    case 'popularity': {
      const scores = scoresOf(await popularItems(shop))
      return ({ id }) => -(scores.get(id) ?? 0)
    }
  }
}

const scores = new WeakMap<readonly Candidate[], ReadonlyMap<string, number>>()

/** Made once for each ranking: that is kept for as long as the counters it is by are the latest. */
function scoresOf(ranked: readonly Candidate[]): ReadonlyMap<string, number> {
  const known = scores.get(ranked) ?? new Map(ranked.map(({ itemId, score }) => [itemId, score]))
  scores.set(ranked, known)
  return known
}

function compare(a: ProductPlace, b: ProductPlace): number {
  if (a.value !== b.value) return a.value < b.value ? -1 : 1
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0
}

function indexFor(place: ProductPlace, sorted: readonly { place: ProductPlace }[]): number {
  let [from, to] = [0, sorted.length]
  while (from < to) {
    const middle = (from + to) >> 1
    const there = sorted[middle]
    if (there && compare(there.place, place) < 0) from = middle + 1
    else to = middle
  }
  return from
}
