import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { type CsvFault, type CsvTable, parseRows, readCsvTable } from './csv-table.ts'
import type { Customer, OrderLine, Product } from './shop-types.ts'

const ShopInfo = z.object({
  name: z.string().min(1),
  source: z.string(),
  licence: z.string(),
  attribution: z.string(),
  currency: z.string().length(3),
  shift_dates_to_now: z.boolean(),
})

/** A data directory, read: the files as they stand, what their sound rows say, and the faults of the others. */
export type Shop = {
  info: z.infer<typeof ShopInfo>
  tables: { orders: CsvTable; products: CsvTable; customers: CsvTable }
  orders: OrderLine[]
  products: Product[]
  customers: Customer[]
  faults: CsvFault[]
}

const sampleShop = fileURLToPath(new URL('../../data', import.meta.url))

/**
 * Reads `shop.json`, `orders.csv`, `products.csv` and `customers.csv` of a directory, by default the sample shop.
 * Broken rows are told in `faults` and stay in `tables`.
 * @throws Error that names the missing file, column or setting
 */
export async function readShop(dataDir = sampleShop): Promise<Shop> {
  const info = await readShopInfo(dataDir)
  const table = (file: string, columns: string[]) => readCsvTable(join(dataDir, file), columns)
  const tables = {
    orders: await table('orders.csv', ['order_id', 'customer_id', 'ordered_at', 'item_id', 'quantity', 'unit_price']),
    products: await table('products.csv', ['item_id', 'name', 'category', 'price']),
    customers: await table('customers.csv', ['customer_id', 'country']),
  }
  const orders = parseRows(tables.orders, ({ text, positive, instant }) => ({
    orderId: text('order_id'),
    customerId: text('customer_id'),
    orderedAt: instant('ordered_at'),
    itemId: text('item_id'),
    quantity: positive('quantity'),
    unitPrice: positive('unit_price'),
  }))
  const products = parseRows(tables.products, ({ text, positive }) => ({
    itemId: text('item_id'),
    name: text('name'),
    category: text('category'),
    price: positive('price'),
  }))
  const customers = parseRows(tables.customers, ({ text }) => ({
    customerId: text('customer_id'),
    country: text('country'),
  }))
  return {
    info,
    tables,
    orders: orders.values,
    products: products.values,
    customers: customers.values,
    faults: [...orders.faults, ...products.faults, ...customers.faults],
  }
}

async function readShopInfo(dataDir: string): Promise<Shop['info']> {
  const text = await readFile(join(dataDir, 'shop.json'), 'utf8').catch((cause: unknown) => {
    throw new Error('Cannot read shop.json: the data directory must hold it', { cause })
  })
  const found = ShopInfo.safeParse(parseJson(text))
  if (found.success) return found.data
  const issues = found.error.issues.map(({ path, message }) => `${path.join('.') || 'the file'}: ${message}`)
  throw new Error(`Cannot use shop.json: ${issues.join('; ')}`)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new Error('Cannot use shop.json: it is not JSON', { cause })
  }
}
