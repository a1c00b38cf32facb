/** What users are grouped by, in the order of the numbers. */
export const behaviourFeatures = [
  ...(['recency', 'purchases', 'categories', 'views_per_purchase', 'price', 'weekends', 'nights'] as const),
] as const

/** What is known of a product. */
interface Product {
  category: string
  price: number
}

/** Gathers what one user did, and tells it as features. */
export interface Behaviour {
  add(event: { itemId: string; second: number; isPurchase: boolean }): void
  /**
   * By `behaviourFeatures`, as of a second: logarithms of 1 + days since the last event, purchases, categories and views for each
   * purchase and one; the mean logarithm (of 2) of the price of what was bought, or else seen; shares of events on
   * Saturday and Sunday, and from 22 to 6 o'clock, UTC. NaN where nothing tells; undefined when the user did nothing.
   */
  features(until: number): number[] | undefined
}

const daySeconds = 86_400
const nightHours = { from: 22, to: 6 } as const

/** One definition for training and for a visitor who is there now. */
export function behaviour(productOf: (itemId: string) => Product | undefined): Behaviour {
  let [purchases, views, weekends, nights, last] = [0, 0, 0, 0, 0]
  const categories = new Set<string>()
  const prices = { bought: { sum: 0, count: 0 }, seen: { sum: 0, count: 0 } }
  return {
    add: ({ itemId, second, isPurchase }) => {
      if (isPurchase) purchases += 1
      else views += 1
      last = Math.max(last, second)
      // January 1st 1970 was a Thursday.
      const weekday = (Math.floor(second / daySeconds) + 4) % 7
      if (weekday === 0 || weekday === 6) weekends += 1
      const hour = Math.floor((second % daySeconds) / 3_600)
      if (hour >= nightHours.from || hour < nightHours.to) nights += 1
      const product = productOf(itemId)
      if (!product) return
      categories.add(product.category)
      if (!(product.price > 0)) return
      const price = isPurchase ? prices.bought : prices.seen
      price.sum += Math.log2(product.price)
      price.count += 1
    },
    features: until => {
      const events = purchases + views
      if (events === 0) return undefined
      const price = prices.bought.count > 0 ? prices.bought : prices.seen
      return [
        Math.log1p(Math.max(0, until - last) / daySeconds),
        Math.log1p(purchases),
        Math.log1p(categories.size),
        Math.log1p(views / (purchases + 1)),
        price.sum / price.count,
        weekends / events,
        nights / events,
      ]
    },
  }
}
