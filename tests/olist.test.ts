import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { memoryPorts } from '../shared/adapters/memory/ports.ts'
import { filesStage } from '../shared/ingest/landing/files-stage.ts'
import { bindInputs } from '../shared/lake/build/bind-inputs.ts'
import { silverStage } from '../shared/lake/silver/silver-stage.ts'
import { quarantineTable } from '../shared/lake/tables/quarantine-table.ts'
import { silverOrderHeaders, silverOrderLines, silverRatings } from '../shared/lake/tables/silver-tables.ts'
import { jobs, lake, runJob } from './memory-shop.ts'

const folder = join(import.meta.dirname, '../../shared/data/orders-olist-sample')
const isThere = existsSync(folder)
if (!isThere) console.log(`skipped: the Olist sample is not at ${folder}`)

/** Orders and their lines in files of their own, reviews of orders; no file has a name for what is sold. */
const mappings = {
  orders: { columns: { ordered_at: 'order_purchase_timestamp' }, constants: { currency: 'BRL' } },
  order_items: { constants: { quantity: '1' } },
  ratings: {
    columns: { user_id: 'order_id', rating: 'review_score', rated_at: 'review_creation_date' },
    derive: { item_id: { from: 'order_id' } },
  },
}
const files = { orders: 'orders', order_items: 'order_items', ratings: 'order_reviews' }

/** Figures of the README beside the set. */
describe.skipIf(!isThere)('orders with lines apart, by mapping files', () => {
  test('have the counts, the statuses and the sum that are known of them', async () => {
    const ports = memoryPorts()
    for (const [kind, name] of Object.entries(files)) {
      const bytes = await readFile(join(folder, `olist_${name}_dataset.csv.gz`))
      await ports.blobs.write(`landing/${kind}/${name}.csv.gz`, bytes)
    }
    for (const [kind, mapping] of Object.entries(mappings)) {
      await ports.blobs.write(`landing/${kind}/_mapping.json`, Buffer.from(JSON.stringify(mapping)))
    }
    const stages = [filesStage(lake), silverStage({ ...lake, only: 'training' })]
    const run = await runJob('lake', ports, { ...jobs, lake: { kind: 'lake', stages } })
    expect(run).toMatchObject({ status: 'completed', stages: [{ metrics: { files: 3, rejected: 0 } }, {}] })
    await using session = await ports.sql.open()
    const tables = [silverOrderHeaders, silverOrderLines, silverRatings].flatMap(table => [
      { table },
      { table: quarantineTable(table.path) },
    ])
    await bindInputs(tables, session, ports)
    const orders = `select count(*) as orders, count(*) filter (status = 'delivered') as delivered,
      count(*) filter (status = 'cancelled') as cancelled from silver_order_headers`
    expect(await session.rows(orders)).toEqual([{ orders: 8_135, delivered: 5_172, cancelled: 625 }])
    const lines = `select count(*) as lines, count(distinct order_id) as orders, round(sum(amount), 2) as sold,
      count(distinct item_id) as items from silver_order_lines`
    expect(await session.rows(lines)).toEqual([{ lines: 8_365, orders: 7_360, sold: 1_093_264.35, items: 5_460 }])
    const reviews = `select (select count(*) from silver_ratings) + (select count(*) from quarantine_ratings) as reviews`
    expect(await session.rows(reviews)).toEqual([{ reviews: 8_225 }])
  }, 180_000)
})
