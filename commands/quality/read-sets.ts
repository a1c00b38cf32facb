import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { parse } from 'csv-parse'
import { type HeldOut, type HoldOut, holdOut } from '../../shared/models/hold-out.ts'
import {
  addPair,
  emptyTable,
  type IdNumbers,
  type InteractionTable,
  noIds,
  numberOf,
} from '../../shared/models/interaction-table.ts'
import { type InteractionFormat, readInteractions } from '../../shared/models/read-interactions.ts'
import type { TrainingSet } from '../../shared/models/recommender.ts'
import type { EventType } from '../../shared/schemas/interaction.ts'

type ItemContent = NonNullable<TrainingSet['content']>[number]

const seed = 1

/** A set to judge on, cut into what is learned from and what is to be found. */
export interface QualitySet {
  tables: HeldOut & { candidates?: InteractionTable }
  ids: IdNumbers
  content?: NonNullable<TrainingSet['content']>
}

export async function trainAndTest(
  folder: string,
  format: InteractionFormat,
  [train, test]: readonly [string, string],
): Promise<QualitySet> {
  const ids = noIds()
  const tables = {
    train: await readInteractions(file(folder, train, format), ids),
    test: await readInteractions(file(folder, test, format), ids),
  }
  return { ids, tables }
}

/** Goods that a known customer bought, or of whole orders also those of unknown ones. */
export async function onlineRetail(folder: string, how: HoldOut): Promise<QualitySet> {
  const adding = newTable()
  const told = new Map<string, ItemContent>()
  const isBasket = how.by === 'basket'
  for await (const row of rowsOf(join(folder, 'online_retail.csv.gz'))) {
    const { InvoiceNo = '', StockCode = '', CustomerID = '', InvoiceDate = '' } = row
    const itemId = StockCode.trim().toUpperCase()
    const isSold = Number(row.Quantity) > 0 && Number(row.UnitPrice) > 0 && !InvoiceNo.startsWith('C')
    if (!isSold || !/^\d{5}[A-Z]*$/.test(itemId) || (CustomerID === '' && !isBasket)) continue
    const at = Date.parse(`${InvoiceDate.replace(' ', 'T')}Z`)
    adding.add(isBasket ? InvoiceNo : CustomerID, itemId, { type: 'purchase', at, order: InvoiceNo })
    if (!told.has(itemId)) told.set(itemId, { text: row.Description ?? '', category: '', price: Number(row.UnitPrice) })
  }
  const { ids, table } = adding
  return { ids, tables: holdOut(table, how, { seed }), content: contentOf(ids, told) }
}

export async function olist(folder: string, how: HoldOut): Promise<QualitySet> {
  const customers = new Map<string, string>()
  for await (const row of rowsOf(join(folder, 'olist_customers_dataset.csv.gz'))) {
    customers.set(row.customer_id ?? '', row.customer_unique_id ?? '')
  }
  const orders = new Map<string, { customer: string; at: number }>()
  for await (const row of rowsOf(join(folder, 'olist_orders_dataset.csv.gz'))) {
    if (row.order_status === 'canceled' || row.order_status === 'unavailable') continue
    const at = Date.parse(`${(row.order_purchase_timestamp ?? '').replace(' ', 'T')}Z`)
    orders.set(row.order_id ?? '', { customer: customers.get(row.customer_id ?? '') ?? '', at })
  }
  const categories = new Map<string, string>()
  for await (const row of rowsOf(join(folder, 'olist_products_dataset.csv.gz'))) {
    categories.set(row.product_id ?? '', row.product_category_name ?? '')
  }
  const adding = newTable()
  const told = new Map<string, ItemContent>()
  for await (const row of rowsOf(join(folder, 'olist_order_items_dataset.csv.gz'))) {
    const itemId = row.product_id ?? ''
    const category = categories.get(itemId) ?? ''
    told.set(itemId, { text: category.replaceAll('_', ' '), category, brand: row.seller_id, price: Number(row.price) })
    const order = orders.get(row.order_id ?? '')
    if (order) {
      adding.add(order.customer, itemId, { type: 'purchase', at: order.at, order: row.order_id ?? '' })
    }
  }
  const { ids, table } = adding
  return { ids, tables: holdOut(table, how, { seed }), content: contentOf(ids, told) }
}

export async function retailrocket(folder: string): Promise<QualitySet> {
  const adding = newTable()
  const types: Readonly<Record<string, EventType>> = { view: 'view', addtocart: 'add_to_cart', transaction: 'purchase' }
  for await (const { timestamp_s, visitor = '', event = '', item = '' } of rowsOf(join(folder, 'events.csv.gz'))) {
    const type = types[event]
    const at = Number(timestamp_s) * 1000
    // Purchases of one visitor within a day are taken for one order.
    if (type) adding.add(visitor, item, { type, at, order: `${visitor} ${Math.floor(at / 86_400_000)}` })
  }
  const test = emptyTable()
  for await (const { visitor = '', item = '' } of rowsOf(join(folder, 'test_purchases.csv.gz'))) {
    addPair({ table: test, ids: adding.ids }, visitor, item)
  }
  return { ids: adding.ids, tables: { train: adding.table, test } }
}

export async function groceries(folder: string, how: HoldOut): Promise<QualitySet> {
  const ids = noIds()
  const table = emptyTable()
  let basketNumber = 0
  const packed = createReadStream(join(folder, 'groceries.csv.gz')).pipe(createGunzip())
  for await (const line of linesOf(packed)) {
    for (const item of line) addPair({ table, ids }, String(basketNumber), item)
    basketNumber += 1
  }
  const told = new Map<string, ItemContent>()
  for await (const [item = '', shelf = '', department = ''] of linesOf(createReadStream(join(folder, 'items.csv')))) {
    told.set(item, { text: `${item} ${shelf}`, category: department })
  }
  return { ids, tables: holdOut(table, how, { seed }), content: contentOf(ids, told) }
}

function contentOf({ items }: IdNumbers, told: ReadonlyMap<string, ItemContent>): ItemContent[] {
  return [...items.keys()].map(id => told.get(id) ?? { text: '', category: '' })
}

function newTable() {
  const ids = noIds()
  const table = emptyTable()
  const add = (userId: string, itemId: string, of: { type: EventType; at: number; order: string }) => {
    addPair({ table, ids }, userId, itemId)
    table.typeOf.push(of.type)
    table.valueOf.push(0)
    table.atOf.push(of.at)
    table.orderOf.push(numberOf(ids.orders, of.order))
  }
  return { ids, table, add }
}

export function file(folder: string, name: string, format: InteractionFormat) {
  return { name, format, bytes: createReadStream(join(folder, name)).pipe(createGunzip()) }
}

async function* rowsOf(path: string): AsyncIterable<Partial<Record<string, string>>> {
  yield* createReadStream(path)
    .pipe(createGunzip())
    .pipe(parse({ columns: true, bom: true }))
}

async function* linesOf(bytes: Readable): AsyncIterable<string[]> {
  yield* bytes.pipe(parse({ relax_column_count: true }))
}
