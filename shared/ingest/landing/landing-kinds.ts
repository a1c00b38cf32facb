import {
  bronzeCustomers,
  bronzeOrderItems,
  bronzeOrders,
  bronzeProducts,
  bronzeRatings,
} from '../../lake/tables/bronze-tables.ts'
import type { Table } from '../../lake/tables/table.ts'

/** Where an ERP or CRM drops its files. */
export const landingPrefix = 'landing/'

export const landingKinds = ['products', 'customers', 'orders', 'order_items', 'ratings'] as const
export type LandingKind = (typeof landingKinds)[number]

interface KindOfFile {
  table: Table
  /** Names that columns come under besides their own, in lower case. */
  aliases: Readonly<Record<string, string>>
  /** Columns without which nothing can be made of a row. */
  required: readonly string[]
  /** Columns that a file has all or none of: with them its rows are order lines, without them orders. */
  together?: readonly string[]
}

const timeOfOrder = { timestamp: 'ordered_at', order_ts: 'ordered_at', order_date: 'ordered_at' }
const line = { product_id: 'item_id', price: 'unit_price', qty: 'quantity', order_item_id: 'line_no' }

export const kindsOfFiles: Readonly<Record<LandingKind, KindOfFile>> = {
  products: {
    table: bronzeProducts,
    aliases: {
      ...{ product_id: 'item_id', title: 'name', product_name: 'name', unit_price: 'price' },
      ...{ minimum_age: 'min_age', is_hidden: 'hidden' },
    },
    required: ['item_id', 'name', 'price'],
  },
  customers: {
    table: bronzeCustomers,
    aliases: {
      customer_id: 'user_id',
      date_of_birth: 'birth_date',
      year_of_birth: 'birth_year',
      registered_at: 'signup_date',
    },
    required: ['user_id'],
  },
  orders: {
    table: bronzeOrders,
    aliases: { customer_id: 'user_id', transaction_id: 'order_id', order_status: 'status', ...timeOfOrder, ...line },
    required: ['order_id', 'user_id', 'ordered_at'],
    together: ['item_id', 'quantity', 'unit_price'],
  },
  order_items: {
    table: bronzeOrderItems,
    aliases: { ...line, transaction_id: 'order_id' },
    required: ['order_id', 'item_id', 'quantity', 'unit_price'],
  },
  ratings: {
    table: bronzeRatings,
    aliases: { customer_id: 'user_id', product_id: 'item_id', timestamp: 'rated_at', comment: 'review' },
    required: ['user_id', 'item_id', 'rating'],
  },
}

const formats = /\.(csv|tsv|json|jsonl|ndjson|parquet)(\.gz)?$/
const mapping = /(^|\/)_mapping\.json$|\.mapping\.json$/
/** What programs call a file that they have not written to its end. */
const unfinished = /(^|\/)[_.~]|\.(tmp|temp|part|partial|filepart|crdownload|uploading)$/

/**
 * What a blob in `landing/` is: a file of a kind, by its folder or the start of its name (`landing/orders/x.csv`,
 * `landing/orders-7.jsonl.gz`; `transactions` are orders); a mapping file; a file that is not finished; or unknown.
 */
export function landedAs(path: string): LandingKind | 'mapping' | 'unfinished' | 'unknown' {
  const name = path.slice(landingPrefix.length).toLowerCase()
  if (mapping.test(name)) return 'mapping'
  if (unfinished.test(name)) return 'unfinished'
  if (!formats.test(name)) return 'unknown'
  if (name.startsWith('transactions')) return 'orders'
  return landingKinds.find(kind => name.startsWith(kind)) ?? 'unknown'
}

/** Where the mapping of a file may be: its own first, then that of its folder. */
export function mappingPaths(path: string): string[] {
  return [`${path}.mapping.json`, `${path.slice(0, path.lastIndexOf('/'))}/_mapping.json`]
}
