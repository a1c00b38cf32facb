import { createReadStream } from 'node:fs'
import { createGunzip } from 'node:zlib'
import { parse } from 'csv-parse'
import { tidyDescription } from './product-name.ts'

/** One row of UCI Online Retail that names a customer and a real product; `quantity` is negative on cancellations. */
export type SourceLine = {
  invoice: string
  cancels: boolean
  itemId: string
  description: string
  quantity: number
  unitPrice: number
  orderedAt: string
  customerId: string
  country: string
}

type SourceRow = Record<
  'InvoiceNo' | 'StockCode' | 'Description' | 'Quantity' | 'InvoiceDate' | 'UnitPrice' | 'CustomerID' | 'Country',
  string
>

// Services that carry a five-digit code like a product.
const SERVICES = new Set(['NEXT DAY CARRIAGE', 'PACKING CHARGE', 'HIGH RESOLUTION IMAGE'])

/** Streams the source's usable rows in its own order; `source` is the gzipped CSV with one header line. */
export async function* sourceLines(source: string): AsyncGenerator<SourceLine> {
  const rows = createReadStream(source)
    .pipe(createGunzip())
    .pipe(parse({ columns: true }))
  for await (const row of rows as AsyncIterable<SourceRow>) {
    const line = sourceLine(row)
    if (line !== undefined) yield line
  }
}

/**
 * Tells goods from everything else booked as a line: goods have five digits and up to two letters (`85123A`,
 * `79323GR`). Postage (`POST`, `DOT`, `C2`), manual and discount (`M`, `D`), bank charges, samples (`S`), fees
 * (`AMAZONFEE`, `B`), donations (`CRUK`), vouchers (`gift_0001_20`), packing (`PADS`) and the `DCGS` codes of another
 * shop do not.
 */
export function isRealProduct(code: string, description: string): boolean {
  return /^\d{5}[A-Z]{0,2}$/.test(code) && description !== '' && !SERVICES.has(description.toUpperCase())
}

function sourceLine(row: SourceRow): SourceLine | undefined {
  // The source writes one product as 15056bl and 15056BL.
  const itemId = row.StockCode.trim().toUpperCase()
  const description = tidyDescription(row.Description)
  const quantity = Number(row.Quantity)
  const unitPrice = Number(row.UnitPrice)
  if (row.CustomerID === '' || unitPrice <= 0 || !isRealProduct(itemId, description)) return undefined
  return {
    invoice: row.InvoiceNo,
    cancels: row.InvoiceNo.startsWith('C'),
    itemId,
    description,
    quantity,
    unitPrice,
    // The source names no time zone; its shop time is written as UTC.
    orderedAt: `${row.InvoiceDate.replace(' ', 'T')}Z`,
    customerId: row.CustomerID.replace(/\.0$/, ''),
    country: row.Country,
  }
}
