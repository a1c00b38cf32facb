import type { Item } from '../../schemas/catalogue.ts'

type Product = Pick<Item, 'category' | 'price'>

/**
 * A vector for an item nobody has bought yet: the mean of the fitted items of its category, each by the square of the
 * ratio of the two prices, lower by higher. Zero when the category has no fitted item. On the sample shop this mean is
 * nearer to the vector a fit gives (cosine .51) than the category's plain mean (.46) or the shop's (.40).
 * @returns a function of the item's product, giving a vector of shape (factors)
 */
export function contentFactors(of: {
  /** shape (items, factors) */
  itemFactors: Float32Array
  factors: number
  /** By row: 1 for items that a fit gave their vector. */
  fitted: Uint8Array
  /** By row; undefined for what is not in the catalogue any more. */
  products: readonly (Product | undefined)[]
}): (product: Product) => Float64Array {
  const { itemFactors, factors, fitted, products } = of
  const byCategory = Map.groupBy(
    [...products.keys()].filter(item => fitted[item] === 1 && products[item] !== undefined),
    item => products[item]?.category,
  )
  return ({ category, price }) => {
    const mean = new Float64Array(factors)
    let total = 0
    for (const item of byCategory.get(category) ?? []) {
      const weight = closeness(price, products[item]?.price ?? 0)
      total += weight
      for (let factor = 0; factor < factors; factor++) mean[factor]! += weight * itemFactors[item * factors + factor]!
    }
    return total === 0 ? mean : mean.map(value => value / total)
  }
}

/** 1 at the same price, a quarter at half or double of it; not quite 0 for what is given away. */
function closeness(a: number, b: number): number {
  const cent = 0.01
  return ((Math.min(a, b) + cent) / (Math.max(a, b) + cent)) ** 2
}
