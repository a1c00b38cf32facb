import type { Csr } from './csr.ts'
import { tfIdf } from './tf-idf.ts'

/** What is told of an item. */
interface ItemContent {
  text: string
  category: string
  brand?: string | undefined
  tags?: readonly string[] | undefined
  price?: number | undefined
}

interface ContentFeatures {
  /** By column: a term of the text, or `category:…`, `brand:…`, `tag:…`, `price:…` with the middle of the price level. */
  features: string[]
  /** Rows of length 1, or of no entry; shape (items, features) */
  rows: Csr
}

/** Length of each part of a row before it is scaled to 1: what a part can add to a cosine is its square's share. */
const partLengths = { text: 1, category: 0.7, brand: 0.6, tags: 0.6, price: 0.4 } as const

/**
 * Items as rows of features: tf-idf of the text over at most `termsMax` terms; category, brand and tags as one feature each; the
 * level of the price. Parts that an item lacks leave the more to the others.
 */
export function contentFeatures(items: readonly ItemContent[], { termsMax }: { termsMax: number }): ContentFeatures {
  const { terms, rows: texts } = tfIdf(
    items.map(({ text }) => text),
    { termsMax },
  )
  const features = [...terms]
  const columns = new Map<string, number>()
  const columnOf = (feature: string): number => {
    const known = columns.get(feature)
    if (known !== undefined) return known
    columns.set(feature, features.length)
    features.push(feature)
    return features.length - 1
  }
  const indptr = new Uint32Array(items.length + 1)
  const indices: number[] = []
  const values: number[] = []
  for (const [row, item] of items.entries()) {
    const entries: [column: number, value: number][] = []
    for (let entry = texts.indptr[row]!; entry < texts.indptr[row + 1]!; entry++) {
      entries.push([texts.indices[entry]!, partLengths.text * texts.values[entry]!])
    }
    for (const [feature, value] of otherFeatures(item)) entries.push([columnOf(feature), value])
    entries.sort(([a], [b]) => a - b)
    const length = Math.sqrt(entries.reduce((sum, [, value]) => sum + value * value, 0))
    for (const [column, value] of entries) {
      indices.push(column)
      values.push(value / length)
    }
    indptr[row + 1] = indices.length
  }
  const shape = { rows: items.length, columns: features.length }
  return { features, rows: { ...shape, indptr, indices: Uint32Array.from(indices), values: Float32Array.from(values) } }
}

function otherFeatures({ category, brand, tags = [], price }: ItemContent): [feature: string, value: number][] {
  const unique = [...new Set(tags)]
  return [
    ...(category ? [[featureOf.category(category), partLengths.category] as [string, number]] : []),
    ...(brand ? [[featureOf.brand(brand), partLengths.brand] as [string, number]] : []),
    ...unique.map((tag): [string, number] => [featureOf.tag(tag), partLengths.tags / Math.sqrt(unique.length)]),
    ...priceLevels(price).map(([level, share]): [string, number] => [level, partLengths.price * share]),
  ]
}

/** The names of features that are no terms. */
export const featureOf = {
  category: (name: string): string => `category:${name}`,
  brand: (name: string): string => `brand:${name}`,
  tag: (name: string): string => `tag:${name}`,
}

/**
 * The price on a scale of levels, each double the one before: the two nearest, by how near they are, as a row of length 1. So
 * like prices are alike wherever a level ends. None without a price above 0.
 */
export function priceLevels(price: number | undefined): [level: string, share: number][] {
  if (price === undefined || !(price > 0) || !Number.isFinite(price)) return []
  const doublings = Math.log2(price)
  const lower = Math.floor(doublings)
  const upperShare = doublings - lower
  const length = Math.hypot(1 - upperShare, upperShare)
  const levels: [string, number][] = [
    [`price:${2 ** lower}`, (1 - upperShare) / length],
    [`price:${2 ** (lower + 1)}`, upperShare / length],
  ]
  return levels.filter(([, share]) => share > 0)
}
