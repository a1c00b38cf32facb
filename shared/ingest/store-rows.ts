import type { Ports } from '../ports.ts'
import type { CustomerRow, OrderRow, ProductRow } from '../schemas/catalogue.ts'
import { type Collection, collections } from '../schemas/collections.ts'

export interface Part<Row> {
  path: string
  part: number
  rows: readonly { row: number; raw: Record<string, string>; value: Row }[]
}

/** stored + unchanged = rows given. */
export interface Stored {
  stored: number
  unchanged: number
}

export async function storeProducts({ rows }: Part<ProductRow>, ports: Ports): Promise<Stored> {
  const items = rows.map(({ value: { item_id, ...product } }) => ({ id: item_id, ...product }))
  return writeChanged(collections.items, items, ports)
}

export async function storeCustomers({ rows }: Part<CustomerRow>, ports: Ports): Promise<Stored> {
  const customers = rows.map(({ value }) => ({ id: 'customer' as const, ...value }))
  return writeChanged(collections.customers, customers, ports)
}

/** Order lines go to bronze as they came, in a file named by source and part, so that a second try overwrites itself. */
export async function storeOrders({ path, part, rows }: Part<OrderRow>, ports: Ports): Promise<Stored> {
  if (rows.length === 0) return { stored: 0, unchanged: 0 }
  const { blobs, clock, sha256 } = ports
  const ingestedAt = new Date(clock()).toISOString()
  const source = JSON.stringify(path)
  const batch = JSON.stringify(`${path}#${part}`)
  const lines = rows.map(({ row, raw, value }) => {
    const hash = sha256(JSON.stringify(raw))
    return `{"_source":${source},"_row":${row},"_ingested_at":"${ingestedAt}","_batch_id":${batch},"_row_hash":"${hash}","order":${JSON.stringify(value)}}\n`
  })
  await blobs.write(ordersPath(path, part), Buffer.from(lines.join('')))
  return { stored: rows.length, unchanged: 0 }
}

/** A file that grew shorter leaves parts behind that it no longer has: their lines are gone from it, and so from here. */
export async function emptyParts(
  path: string,
  { from, to }: { from: number; to: number },
  blobs: Ports['blobs'],
): Promise<void> {
  for (let part = from; part <= to; part++) await blobs.write(ordersPath(path, part), new Uint8Array())
}

const ordersPath = (path: string, part: number) => `bronze/orders/${path}/part-${part}.ndjson`

/** Writes the documents whose content changed since the last file: a read costs a tenth of a write. */
async function writeChanged<T extends { row_hash: string }>(
  collection: Collection<T>,
  rows: readonly Omit<T, 'row_hash'>[],
  { documents, sha256 }: Ports,
): Promise<Stored> {
  const hashed = rows.map(row =>
    collection.schema.parse({ ...row, row_hash: sha256(JSON.stringify(row)).slice(0, 16) }),
  )
  // Of rows with one key the last is the newest.
  const byKey = new Map(hashed.map(document => [JSON.stringify(collection.key(document)), document]))
  let waiting = [...byKey.values()]
  let stored = 0
  while (waiting.length > 0) {
    const before = await documents.readAll(collection, waiting.map(collection.key))
    const changed = waiting.flatMap((document, index) => {
      const { document: old, etag } = before[index] ?? {}
      return old?.row_hash === document.row_hash ? [] : [{ document, etag }]
    })
    const written = await documents.writeAll(collection, changed)
    stored += written.filter(Boolean).length
    waiting = changed.filter((_, index) => !written[index]).map(({ document }) => document)
  }
  return { stored, unchanged: rows.length - stored }
}
