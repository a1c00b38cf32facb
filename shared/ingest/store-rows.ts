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

const concurrentWrites = 16

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
  const lines = rows.map(({ row, raw, value }) => {
    const provenance = { _source: path, _row: row, _ingested_at: ingestedAt, _batch_id: `${path}#${part}` }
    return `${JSON.stringify({ ...provenance, _row_hash: sha256(JSON.stringify(raw)), order: value })}\n`
  })
  await blobs.write(`bronze/orders/${path}/part-${part}.ndjson`, Buffer.from(lines.join('')))
  return { stored: rows.length, unchanged: 0 }
}

/** Writes the documents whose content changed since the last file: a read costs a tenth of a write. */
async function writeChanged<T extends { row_hash: string }>(
  collection: Collection<T>,
  rows: readonly Omit<T, 'row_hash'>[],
  { documents, sha256 }: Ports,
): Promise<Stored> {
  let stored = 0
  const waiting = rows.values()
  const worker = async () => {
    for (const row of waiting) {
      const document = collection.schema.parse({ ...row, row_hash: sha256(JSON.stringify(row)).slice(0, 16) })
      const before = await documents.read(collection, collection.key(document))
      if (before?.document.row_hash === document.row_hash) continue
      await documents.upsert(collection, document)
      stored += 1
    }
  }
  await Promise.all(Array.from({ length: concurrentWrites }, worker))
  return { stored, unchanged: rows.length - stored }
}
