import { decay } from '../algorithms/popularity.ts'

/** Every purchase: its item and its moment; both arrays have one length. */
export interface Sales {
  item: ArrayLike<number>
  /** Seconds since 1970. */
  at: ArrayLike<number>
}

/** Decayed number of sales of each item as of `until` (seconds since 1970, no sale is later), shape (items). */
export function recentPopularity(sales: Sales, of: { items: number; until: number; halfLifeMs: number }): Float64Array {
  const { items, until, halfLifeMs } = of
  const values = new Float64Array(items)
  for (let sale = 0; sale < sales.item.length; sale++) {
    const item = sales.item[sale]!
    values[item]! += decay((until - sales.at[sale]!) * 1000, halfLifeMs)
  }
  return values
}
