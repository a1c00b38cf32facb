import { existsSync } from 'node:fs'
import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { directoryBlobs } from '../shared/adapters/files/blobs.ts'
import { type MemoryPorts, memoryPorts } from '../shared/adapters/memory/ports.ts'
import { filesStage } from '../shared/ingest/landing/files-stage.ts'
import { bindInputs } from '../shared/lake/build/bind-inputs.ts'
import { silverStage } from '../shared/lake/silver/silver-stage.ts'
import { lakeTables } from '../shared/lake/tables/lake-tables.ts'
import { jobs, lake, runJob } from './memory-shop.ts'

const root = join(import.meta.dirname, '..')
const source = join(root, '../shared/data/orders-online-retail/online_retail.csv.gz')
const isThere = existsSync(source)
if (!isThere) console.log(`skipped: Online Retail is not at ${source}`)

/** Figures of the set as UCI published it and as the README beside it verifies them. */
describe.skipIf(!isThere)('a year of a real shop, its file unedited, by a mapping file', () => {
  let folder: string
  let ports: MemoryPorts
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'online-retail-'))
    const copy = join(folder, 'copy.csv.gz')
    await copyFile(source, copy)
    ports = { ...memoryPorts(), blobs: directoryBlobs(join(folder, 'lake')) }
    await ports.blobs.storeFile('landing/orders/online_retail.csv.gz', copy)
    const mapping = await readFile(join(root, 'data/mappings/online-retail.json'))
    await ports.blobs.write('landing/orders/_mapping.json', mapping)
    const stages = [filesStage(lake), silverStage({ ...lake, only: 'training' })]
    expect(await runJob('lake', ports, { ...jobs, lake: { kind: 'lake', stages } })).toMatchObject({
      status: 'completed',
    })
  }, 300_000)
  afterAll(() => rm(folder, { recursive: true, force: true }))

  async function figures(query: string) {
    await using session = await ports.sql.open()
    const named = lakeTables.filter(({ path }) => query.includes(path.replace('/', '_')))
    await bindInputs(
      named.map(table => ({ table })),
      session,
      ports,
    )
    return (await session.rows(query))[0]
  }

  test('every row is in bronze', async () => {
    const amount = 'quantity::bigint * unit_price::decimal(12, 3)'
    const bronze = `select count(*) as rows, count(user_id) as known, count(distinct order_id) as orders, round(sum(${amount}), 2)::double as total,
      count(distinct item_id) as items, count(*) filter (quantity::bigint < 0) as returned, min(ordered_at) as first,
      count(*) filter (status = 'cancelled') as cancelled from bronze_orders`
    expect(await figures(bronze)).toEqual({
      ...{ rows: 541_909, known: 541_909 - 135_080, orders: 25_900, total: 9_747_747.93, items: 4_070 },
      ...{ returned: 10_624, cancelled: 9_288, first: '2010-12-01 08:26:00' },
    })
  })

  test('silver holds the rows of customers to the penny, returns and cancellations told apart', async () => {
    const bought = 'user_id is not null and quantity > 0'
    const silver = `select round(sum(quantity * unit_price) filter (${bought}), 2) as sold,
      count(*) filter (${bought} and unit_price > 0) as lines, count(distinct user_id) as customers,
      count(*) filter (status = 'cancelled') as cancelled from silver_order_lines`
    expect(await figures(silver)).toEqual({ sold: 8_911_407.9, lines: 397_884, customers: 4_372, cancelled: 9_288 })
  })

  test('rows in = rows out + rows in quarantine', async () => {
    // Codes that no row describes, and two adjustments of bad debt.
    const rejects = await figures(`select count(*) as rows, count(*) filter (rule = 'item_known') as item_known,
      count(*) filter (rule = 'unit_price') as unit_price from quarantine_order_lines`)
    expect(rejects).toEqual({ rows: 115, item_known: 113, unit_price: 2 })
    expect(await figures('select count(*) as rows from silver_order_lines')).toEqual({ rows: 541_909 - 115 })
  })
})
