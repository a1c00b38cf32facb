import type { Item } from '../../schemas/catalogue.ts'

/** What one category and one brand count for when nothing is known of the items' texts. */
const weights = { category: 0.6, brand: 0.4 } as const

/**
 * How much two items are the same thing to someone who looks at a list, 0 to 1: by category and brand, and by their
 * content where its similarity (0 to 1) is known, whichever says more.
 */
export function itemSimilarity(a: Item, b: Item, content?: number): number {
  const category = a.category === b.category ? weights.category : 0
  const brand = a.brand !== undefined && a.brand === b.brand ? weights.brand : 0
  return Math.max(category + brand, content ?? 0)
}
