import type { Random } from '../../shared/algorithms/random.ts'
import type { FileKind } from './file-kinds.ts'

/** What is wrong with a row: a value of one of its columns, or the row as a whole. */
export type Fault =
  | { kind: string; type: 'value'; column: string; value: string }
  | { kind: (typeof rowFaults)[number]; type: 'row' }

/** The columns that each fault strikes, by the kind of file, and what it puts there. */
const valueFaults: readonly { kind: string; value: string; columns: Partial<Record<FileKind, string>> }[] = [
  {
    ...{ kind: 'missing_key', value: '' },
    columns: {
      ...{ orders: 'order_id', order_items: 'order_id', products: 'product_id', customers: 'customer_id' },
      ...{ ratings: 'product_id', interactions: 'user_id', 'catalog-changes': 'key' },
    },
  },
  { kind: 'non_numeric_price', value: 'call us', columns: { order_items: 'price', products: 'price' } },
  { kind: 'negative_price', value: '-9.99', columns: { order_items: 'price', products: 'price' } },
  { kind: 'huge_price', value: '98765432100', columns: { order_items: 'price', products: 'price' } },
  { kind: 'zero_quantity', value: '0', columns: { order_items: 'quantity' } },
  { kind: 'text_quantity', value: 'two', columns: { order_items: 'quantity' } },
  {
    ...{ kind: 'unknown_item', value: 'item-unknown' },
    columns: { order_items: 'product_id', ratings: 'product_id', interactions: 'item_id' },
  },
  { kind: 'unknown_user', value: 'user-unknown', columns: { orders: 'customer_id', ratings: 'customer_id' } },
  {
    ...{ kind: 'bad_date', value: '31.02.2025 25:61' },
    columns: { orders: 'order_ts', ratings: 'timestamp', customers: 'signup_date', interactions: 'ts' },
  },
  {
    ...{ kind: 'future_date', value: '2199-01-01T00:00:00Z' },
    columns: { orders: 'order_ts', ratings: 'timestamp', interactions: 'ts' },
  },
  {
    ...{ kind: 'bad_enum', value: 'carrier pigeon' },
    columns: { orders: 'channel', interactions: 'event_type', 'catalog-changes': 'op' },
  },
  { kind: 'bad_rating', value: '11', columns: { ratings: 'rating' } },
  { kind: 'bad_age', value: 'adults', columns: { products: 'min_age' } },
  {
    kind: 'too_many_tags',
    value: Array.from({ length: 51 }, (_, tag) => `tag-${tag}`).join('|'),
    columns: { products: 'tags' },
  },
  { kind: 'bad_email', value: 'anna at home', columns: { customers: 'email' } },
]

/** A second copy; a row that ends early; values beyond the header; a byte that is no UTF-8. */
const rowFaults = ['duplicate_row', 'truncated_row', 'extra_values', 'bad_encoding'] as const

/** The faults that a file of this kind can have; in Parquet only rows that are whole can stand. */
export function faultsOf(kind: FileKind, format: 'csv' | 'jsonl' | 'parquet'): Fault[] {
  const values = valueFaults.flatMap(({ kind: name, value, columns }): Fault[] => {
    const column = columns[kind]
    return column === undefined ? [] : [{ kind: name, type: 'value', column, value }]
  })
  const rows = format === 'parquet' ? rowFaults.slice(0, 1) : rowFaults
  return [...values, ...rows.map((kind): Fault => ({ kind, type: 'row' }))]
}

/** Draws which rows are broken and how; counts them by kind. */
export function faultDraws(faults: readonly Fault[], share: number, random: Random) {
  const counts: Record<string, number> = {}
  const next = (): Fault | undefined => {
    if (share === 0 || random() >= share) return undefined
    const fault = faults[Math.floor(random() * faults.length)]
    if (fault) counts[fault.kind] = (counts[fault.kind] ?? 0) + 1
    return fault
  }
  return { next, counts }
}
