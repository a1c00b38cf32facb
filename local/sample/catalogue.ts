import { department } from './department.ts'
import { productName } from './product-name.ts'
import type { Customer, Product } from './shop-types.ts'
import type { SourceLine } from './source-lines.ts'

/**
 * Lists the products of `itemIds` by id. Name and price are those most sale lines of the whole source carry, so that
 * one bulk price or misspelt line does not speak for the product; a tie goes to the earlier in text or number order.
 */
export function products(lines: readonly SourceLine[], itemIds: ReadonlySet<string>): Product[] {
  const sales = lines.filter(line => !line.cancels && line.quantity > 0 && itemIds.has(line.itemId))
  const byItem = [...Map.groupBy(sales, line => line.itemId)].sort(([a], [b]) => (a < b ? -1 : 1))
  return byItem.map(([itemId, itemLines]) => {
    const name = productName(mostFrequent(itemLines.map(line => line.description)))
    // A price under half a penny would round to nothing; the shop's smallest coin is the floor.
    const price = mostFrequent(itemLines.map(line => Math.max(1, Math.round(100 * line.unitPrice)))) / 100
    return { itemId, name, category: department(name), price }
  })
}

/** Lists the customers of `customerIds` by id with the country of their latest line: a few moved within the year. */
export function customers(lines: readonly SourceLine[], customerIds: ReadonlySet<string>): Customer[] {
  const latest = new Map<string, SourceLine>()
  for (const line of lines) {
    const known = latest.get(line.customerId)
    if (customerIds.has(line.customerId) && (known === undefined || line.orderedAt >= known.orderedAt)) {
      latest.set(line.customerId, line)
    }
  }
  return [...latest.values()]
    .map(({ customerId, country }) => ({ customerId, country }))
    .sort((a, b) => (a.customerId < b.customerId ? -1 : 1))
}

function mostFrequent<Value extends string | number>(values: readonly Value[]): Value {
  const counts = new Map<Value, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  const [first] = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
  if (first === undefined) throw new RangeError('Cannot name the most frequent value of an empty list')
  return first[0]
}
