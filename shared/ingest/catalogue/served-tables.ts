import { z } from 'zod'
import { silverCustomers, silverProducts } from '../../lake/tables/silver-tables.ts'
import type { Table } from '../../lake/tables/table.ts'
import type { Ports, SqlRow } from '../../ports.ts'
import { collections } from '../../schemas/collections.ts'
import { ItemId, UserId } from '../../schemas/ids.ts'
import { customerAfter } from './customer-document.ts'
import { type ItemFields, itemAfter } from './item-document.ts'
import { updateDocuments } from './update-documents.ts'

/** A table of silver whose rows are served from documents. */
export interface ServedTable {
  table: Table
  key: string
  /** Equal values, equal rows. */
  version: readonly string[]
  /** Rows that count, as a condition; and what is taken of them. */
  where: string
  columns: string
  /** Brings the documents of some rows up to date; resolves to how many were written and how many rows cannot be. */
  store(
    rows: readonly SqlRow[],
    ports: Pick<Ports, 'documents' | 'sha256'>,
  ): Promise<{ written: number; refused: number }>
}

const ProductRow = z.object({
  item_id: ItemId,
  name: z.string().nullable(),
  category: z.string().nullable(),
  price: z.number().nonnegative().nullable(),
  in_stock: z.boolean().nullable(),
  cost: z.number().nonnegative().nullable(),
  brand: z.string().nullable(),
  tags: z.string().nullable(),
  channels: z.string().nullable(),
  regions: z.string().nullable(),
  min_age: z.int().nonnegative().nullable(),
  hidden: z.boolean().nullable(),
  added_at: z.int().nullable(),
  is_deleted: z.boolean().nullable(),
  at: z.number(),
})
type ProductRow = z.infer<typeof ProductRow>
const CustomerRow = z.object({
  user_id: UserId,
  country: z.string().nullable(),
  region: z.string().nullable(),
  birth_year: z.int().nullable(),
  is_deleted: z.boolean().nullable(),
  at: z.number(),
})

const products: ServedTable = {
  table: silverProducts,
  key: 'item_id',
  version: ['_row_hash', 'updated_at'],
  where: 'true',
  columns: `item_id, nullif(trim(name), '') as name, nullif(category, '') as category, price, in_stock, is_deleted,
    cost, brand, tags, channels, regions, min_age, hidden, epoch_ms(first_seen_at)::double as added_at,
    coalesce(epoch_ms(updated_at), 0) as at`,
  store: async (rows, { documents, sha256 }) => {
    const { good, refused } = parsed(ProductRow, rows)
    const after = (row: ProductRow, before: Parameters<typeof itemAfter>[1]) => {
      const document = itemAfter(row.item_id, before, { steps: [{ set: itemFields(row), at: row.at }] }, sha256)
      return document.row_hash === before?.row_hash ? undefined : document
    }
    const keyOf = ({ item_id: id }: ProductRow) => ({ id, partition: id })
    return { written: await updateDocuments(collections.items, good, { keyOf, after }, documents), refused }
  },
}

const customers: ServedTable = {
  table: silverCustomers,
  key: 'user_id',
  version: ['_row_hash', 'valid_from'],
  where: 'is_current',
  columns: 'user_id, country, region, birth_year, is_deleted, coalesce(epoch_ms(valid_from), 0) as at',
  store: async (rows, { documents, sha256 }) => {
    const { good, refused } = parsed(CustomerRow, rows)
    const after = (row: z.infer<typeof CustomerRow>, before: Parameters<typeof customerAfter>[1]) => {
      const set = {
        ...{ country: row.country ?? '', region: row.region ?? undefined, birth_year: row.birth_year ?? undefined },
        deleted: row.is_deleted ?? false,
      }
      const document = customerAfter(row.user_id, before, { steps: [{ set, at: row.at }] }, sha256)
      return document.row_hash === before?.row_hash ? undefined : document
    }
    const keyOf = ({ user_id: partition }: z.infer<typeof CustomerRow>) => ({ id: 'customer', partition })
    return { written: await updateDocuments(collections.customers, good, { keyOf, after }, documents), refused }
  },
}

function itemFields(row: ProductRow): ItemFields {
  return {
    ...{ name: row.name ?? undefined, category: row.category ?? undefined, price: row.price ?? undefined },
    ...{ cost: row.cost ?? undefined, brand: row.brand ?? undefined, tags: textsOf(row.tags) },
    ...{ channels: textsOf(row.channels), regions: textsOf(row.regions), min_age: row.min_age ?? undefined },
    ...{ hidden: row.hidden ?? undefined, added_at: row.added_at ?? undefined },
    ...{ in_stock: row.in_stock ?? true, deleted: row.is_deleted ?? false },
  }
}

/** A list as silver keeps it. */
const textsOf = (list: string | null) => list?.split('|').filter(Boolean)

export const servedTables: readonly ServedTable[] = [products, customers]

/** A row whose id cannot be one of a document is known to the lake, and to nobody who asks the shop. */
function parsed<Row>(schema: z.ZodType<Row>, rows: readonly SqlRow[]): { good: Row[]; refused: number } {
  const good = rows.flatMap(row => {
    const found = schema.safeParse(row)
    return found.success ? [found.data] : []
  })
  return { good, refused: rows.length - good.length }
}
