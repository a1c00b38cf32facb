import { z } from 'zod'
import { silverCustomers, silverProducts, silverUsers } from '../../lake/tables/silver-tables.ts'
import type { Table } from '../../lake/tables/table.ts'
import type { Ports, SqlRow } from '../../ports.ts'
import { Standing } from '../../schemas/catalogue.ts'
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

const UserRow = z.object({
  user_id: UserId,
  segment: z.string(),
  loyalty: z.string(),
  at: z.number(),
  ...Standing.omit({ rfm: true }).shape,
  r_score: Standing.shape.rfm.shape.recency,
  f_score: Standing.shape.rfm.shape.frequency,
  m_score: Standing.shape.rfm.shape.monetary,
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

/** What a customer is worth is told anew once it is another: that all chances fade by the day writes nothing. */
const users: ServedTable = {
  table: silverUsers,
  key: 'user_id',
  version: [
    ...['orders', 'revenue', 'rfm_segment', 'clv_segment', 'loyalty_tier', 'churn_risk'],
    ...['r_score', 'f_score', 'm_score', 'first_order_at', 'last_order_at'],
  ],
  where: 'true',
  columns: `user_id, rfm_segment as segment, loyalty_tier as loyalty, orders::integer as orders, revenue, average_order_value,
    first_order_at, last_order_at, r_score, f_score, m_score, clv, clv_segment, churn_risk, as_of,
    epoch_ms(as_of)::double as at`,
  store: async (rows, { documents, sha256 }) => {
    const { good, refused } = parsed(UserRow, rows)
    const after = (row: z.infer<typeof UserRow>, before: Parameters<typeof customerAfter>[1]) => {
      const { segment, loyalty, at } = row
      const set = { segment, loyalty, standing: standingOf(row) }
      const document = customerAfter(row.user_id, before, { steps: [{ set, at }] }, sha256)
      return document.row_hash === before?.row_hash ? undefined : document
    }
    const keyOf = ({ user_id: partition }: z.infer<typeof UserRow>) => ({ id: 'customer', partition })
    return { written: await updateDocuments(collections.customers, good, { keyOf, after }, documents), refused }
  },
}

const cents = (value: number) => Math.round(value * 100) / 100

function standingOf(row: z.infer<typeof UserRow>): Standing {
  const { as_of, orders, first_order_at, last_order_at, clv_segment, churn_risk } = row
  return {
    ...{ as_of, orders, first_order_at, last_order_at, clv_segment, churn_risk },
    ...{ revenue: cents(row.revenue), average_order_value: cents(row.average_order_value), clv: cents(row.clv) },
    rfm: { recency: row.r_score, frequency: row.f_score, monetary: row.m_score },
  }
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

export const servedTables: readonly ServedTable[] = [products, customers, users]

/** A row whose id cannot be one of a document is known to the lake, and to nobody who asks the shop. */
function parsed<Row>(schema: z.ZodType<Row>, rows: readonly SqlRow[]): { good: Row[]; refused: number } {
  const good = rows.flatMap(row => {
    const found = schema.safeParse(row)
    return found.success ? [found.data] : []
  })
  return { good, refused: rows.length - good.length }
}
