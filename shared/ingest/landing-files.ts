import type { z } from 'zod'
import type { Ports } from '../ports.ts'
import { CustomerRow, OrderRow, ProductRow } from '../schemas/catalogue.ts'
import { type CsvFormat, type CsvRows, readCsv } from './read-csv.ts'
import { type Part, type Stored, storeCustomers, storeOrders, storeProducts } from './store-rows.ts'

/** Where an ERP or CRM drops its files. */
export const landingPrefix = 'landing/'

export const fileKinds = ['products', 'customers', 'orders'] as const
export type FileKind = (typeof fileKinds)[number]

/** Reads and stores a file part by part, leaving out the first `skip` parts; yields what became of each. */
export type TakeIn = (
  bytes: Uint8Array,
  from: { path: string; skip: number; partRows: number },
  ports: Ports,
) => AsyncIterable<Stored & { part: number; bad: CsvRows<never>['bad'] }>

/** The columns of each kind of file, under each name they may come; columns not named here are not stored. */
export const takeIn: Readonly<Record<FileKind, TakeIn>> = {
  products: fileFormat({
    row: ProductRow,
    aliases: { product_id: 'item_id', title: 'name', unit_price: 'price' },
    required: ['item_id', 'name', 'price'],
    store: storeProducts,
  }),
  customers: fileFormat({
    row: CustomerRow,
    aliases: { customer_id: 'user_id' },
    required: ['user_id'],
    store: storeCustomers,
  }),
  orders: fileFormat({
    row: OrderRow,
    aliases: {
      customer_id: 'user_id',
      product_id: 'item_id',
      timestamp: 'ordered_at',
      order_ts: 'ordered_at',
      price: 'unit_price',
      qty: 'quantity',
    },
    required: ['order_id', 'user_id', 'ordered_at', 'item_id', 'quantity', 'unit_price'],
    store: storeOrders,
  }),
}

/** The kind of a landing file by its folder or the start of its name: `landing/orders/x.csv`, `landing/orders-7.csv`. */
export function fileKind(path: string): FileKind | undefined {
  if (!path.toLowerCase().endsWith('.csv')) return undefined
  const name = path.slice(landingPrefix.length)
  return fileKinds.find(kind => name.startsWith(kind))
}

function fileFormat<Schema extends z.ZodObject>(
  format: CsvFormat<Schema> & { store(part: Part<z.output<Schema>>, ports: Ports): Promise<Stored> },
): TakeIn {
  return async function* (bytes, { path, skip, partRows }, ports) {
    let part = 0
    for await (const { good, bad } of readCsv(bytes, format, { partRows })) {
      part += 1
      if (part <= skip) continue
      yield { part, bad, ...(await format.store({ path, part, rows: good }, ports)) }
    }
  }
}
