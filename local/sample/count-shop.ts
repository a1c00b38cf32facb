import { parseArgs } from 'node:util'
import { browsingEvents } from './browsing.ts'
import { readShop, type Shop } from './read-shop.ts'

const TEST_SHARE = 0.2

/** Prints what a data directory holds, as JSON: the counts that data/README.md quotes. */
function shopCounts(shop: Shop) {
  const { orders, products, customers } = shop
  const lines = orders.toSorted((a, b) => Date.parse(a.orderedAt) - Date.parse(b.orderedAt))
  const splitAt = lines[Math.floor(lines.length * (1 - TEST_SHARE))]?.orderedAt
  const ordersOf = Map.groupBy(Map.groupBy(lines, line => line.orderId).values(), ([line]) => line?.customerId)
  const before = new Set(lines.filter(line => line.orderedAt < (splitAt ?? '')).map(line => line.customerId))
  const after = new Set(lines.filter(line => line.orderedAt >= (splitAt ?? '')).map(line => line.customerId))
  const perDepartment = Map.groupBy(products, product => product.category)
  return {
    order_lines: lines.length,
    orders: new Set(lines.map(line => line.orderId)).size,
    pairs_of_customer_and_item: new Set(lines.map(line => `${line.customerId} ${line.itemId}`)).size,
    customers: customers.length,
    customers_with_several_orders: [...ordersOf.values()].filter(of => of.length > 1).length,
    countries: new Set(customers.map(customer => customer.country)).size,
    products: products.length,
    first_order: lines.at(0)?.orderedAt,
    last_order: lines.at(-1)?.orderedAt,
    pieces: lines.reduce((sum, line) => sum + line.quantity, 0),
    revenue: Math.round(100 * lines.reduce((sum, line) => sum + line.quantity * line.unitPrice, 0)) / 100,
    last_fifth_of_lines_from: splitAt,
    customers_before_and_after: [...before].filter(customer => after.has(customer)).length,
    browsing_events: browsingEvents(orders, products).length,
    broken_rows: shop.faults.length,
    products_per_department: Object.fromEntries(
      [...perDepartment].map(([name, of]) => [name, of.length] as const).sort((a, b) => b[1] - a[1]),
    ),
  }
}

const { values } = parseArgs({ options: { data: { type: 'string' } } })
console.log(JSON.stringify(shopCounts(await readShop(values.data)), null, 2))
