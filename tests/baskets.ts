import { existsSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'
import { type Csr, csrFromTriples } from '../shared/algorithms/csr.ts'

const data = new URL('../../shared/data/', import.meta.url)
const groceriesFile = new URL('baskets-groceries/groceries.csv.gz', data)
const retailFile = new URL('orders-online-retail/online_retail.csv.gz', data)

export const hasGroceries = existsSync(groceriesFile)
export const hasOnlineRetail = existsSync(retailFile)
export const groceriesPath = groceriesFile.pathname

/** Baskets by number, and what the numbers stand for. */
export interface NamedBaskets {
  baskets: Csr
  names: string[]
}

/** One month of a grocery outlet: 9,835 baskets of 169 items. */
export function groceries(): NamedBaskets {
  const lines = gunzipSync(readFileSync(groceriesFile)).toString().trimEnd().split('\n')
  return namedBaskets(lines.map(line => line.split(',').map(name => name.trim())))
}

/** France, no cancellations, item = trimmed description, POSTAGE dropped, quantity per invoice above 0. */
export function frenchBaskets(): NamedBaskets {
  const lines = gunzipSync(readFileSync(retailFile)).toString().split('\n')
  const french = [lines[0], ...lines.filter(line => line.trimEnd().endsWith('France'))].join('\n')
  const orders: Record<string, string>[] = parse(french, { columns: true })
  const invoices = new Map<string, Map<string, number>>()
  for (const { InvoiceNo = '', Description = '', Quantity = '' } of orders) {
    const item = Description.trim()
    if (InvoiceNo.startsWith('C') || item === '') continue
    const basket = invoices.get(InvoiceNo) ?? new Map<string, number>()
    basket.set(item, (basket.get(item) ?? 0) + Number(Quantity))
    invoices.set(InvoiceNo, basket)
  }
  return namedBaskets(
    [...invoices.values()].map(basket =>
      [...basket].flatMap(([name, quantity]) => (name !== 'POSTAGE' && quantity > 0 ? [name] : [])),
    ),
  )
}

function namedBaskets(lists: readonly (readonly string[])[]): NamedBaskets {
  const numbers = new Map<string, number>()
  for (const name of lists.flat()) if (!numbers.has(name)) numbers.set(name, numbers.size)
  return {
    baskets: basketsOf(lists.map(list => list.map(name => numbers.get(name) ?? -1))),
    names: [...numbers.keys()],
  }
}

/** Baskets as a matrix; without a number of items there are as many as occur. */
export function basketsOf(
  lists: readonly (readonly number[])[],
  items = lists.flat().reduce((most, item) => Math.max(most, item + 1), 0),
): Csr {
  const columnOf = lists.flat()
  const rowOf = lists.flatMap((list, basket) => list.map(() => basket))
  const ones = new Float32Array(columnOf.length).fill(1)
  return csrFromTriples({ rows: lists.length, columns: items, rowOf, columnOf, valueOf: ones })
}
