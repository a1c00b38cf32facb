import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { daysOf } from '../commands/generate/days-of.ts'
import { itemId } from '../commands/generate/ids.ts'
import { productOf } from '../commands/generate/product.ts'
import { type SyntheticShop, syntheticShop } from '../commands/generate/synthetic-shop.ts'
import { writeTable } from '../shared/lake/delta/write-table.ts'
import { trainingInteractions } from '../shared/lake/tables/gold-tables.ts'
import { definitionOf } from '../shared/lake/tables/table.ts'
import type { Ports } from '../shared/ports.ts'
import { Item } from '../shared/schemas/catalogue.ts'

export interface ShopSize {
  users: number
  items: number
  interactions: number
}

/** The scale that Sidecart is made for, and a tenth of it. */
export const shopSizes = {
  large: { users: 1_000_000, items: 100_000, interactions: 10_000_000 },
  tenth: { users: 100_000, items: 10_000, interactions: 1_000_000 },
} as const satisfies Record<string, ShopSize>

const shareOfOrderLines = 0.3

/** The shop of `npm run generate` at any size: a year in which three tenths of the interactions are order lines. */
function shopOf({ users, items, interactions }: ShopSize, seed: number): SyntheticShop {
  const orderLines = Math.round(interactions * shareOfOrderLines)
  return syntheticShop({ users, items, orderLines, ratings: 0, events: interactions - orderLines, days: 365 }, seed)
}

/** The products of a shop, as its documents hold them. */
export function* shopCatalogue(size: ShopSize, { seed }: { seed: number }): Generator<Item> {
  const shop = shopOf(size, seed)
  for (let item = 0; item < size.items; item++) {
    const { name, category } = productOf(item, shop)
    yield Item.parse({ id: itemId(item), name, category, price: shop.prices[item], in_stock: true, row_hash: '-' })
  }
}

/**
 * Writes a year of a generated shop as `gold/training_interactions`: as many rows as interactions, less what guests bought
 * and what came back. Order lines are purchases in the order's basket; events are those that are no purchase of an order.
 */
export async function writeTrainingShop(
  size: ShopSize,
  { seed, ports }: { seed: number; ports: Pick<Ports, 'blobs' | 'sql' | 'clock' | 'uuid'> },
): Promise<{ rows: number; version: number }> {
  await using session = await ports.sql.open()
  const file = `${session.folder}/interactions.csv`
  await writeNumbers(file, shopOf(size, seed))
  const query = `
    select 'user-' || "user" as user_id, 'item-' || item as item_id, event_type, epoch_ms(at_ms)::timestamptz as happened_at,
      value, quantity,
      case when order_id is not null then 'order ' || order_id end as basket,
      case when order_id is not null then order_id || chr(10) || 'item-' || item else 'event-' || number end as identity,
      strftime(epoch_ms(at_ms), '%Y-%m') as month
    from read_csv('${file}', header = false, columns = {"user": 'integer', item: 'integer', event_type: 'varchar',
      at_ms: 'bigint', value: 'double', quantity: 'bigint', order_id: 'varchar', number: 'bigint'})`
  const { rows, version } = await writeTable(
    definitionOf(trainingInteractions),
    query,
    { session, replace: 'all' },
    ports,
  )
  return { rows, version }
}

async function writeNumbers(file: string, shop: SyntheticShop): Promise<void> {
  const stream = createWriteStream(file)
  for (const { orders, events } of daysOf(shop)) {
    const rows: string[] = []
    for (const { id, user, atMs, lines } of orders) {
      if (user === undefined) continue
      for (const { item, quantity } of lines) {
        if (quantity > 0) rows.push(`${user},${item},purchase,${atMs},0,${quantity},${id},\n`)
      }
    }
    for (const { number, user, item, type, atMs, value = 0, orderId } of events) {
      if (orderId === undefined && type !== 'impression')
        rows.push(`${user},${item},${type},${atMs},${value},1,,${number}\n`)
    }
    if (!stream.write(rows.join(''))) await once(stream, 'drain')
  }
  stream.end()
  await once(stream, 'close')
}
