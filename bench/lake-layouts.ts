import type { Add } from '../shared/lake/delta/actions.ts'
import { optimize } from '../shared/lake/delta/optimize.ts'
import { scan } from '../shared/lake/delta/scan.ts'
import { type ColumnRange, mayHold } from '../shared/lake/delta/skip-files.ts'
import { type DeltaPorts, readSnapshot, type Snapshot } from '../shared/lake/delta/snapshot.ts'
import { tableSchema } from '../shared/lake/delta/table-schema.ts'
import { writeTable } from '../shared/lake/delta/write-table.ts'
import { factTransactions } from '../shared/lake/tables/gold-tables.ts'
import { definitionOf } from '../shared/lake/tables/table.ts'
import type { SqlSession } from '../shared/ports.ts'
import type { Filters } from './dashboard-queries.ts'
import { type Timed, timed } from './interleave.ts'

const layouts = ['plain', 'by month', 'Z-ordered'] as const
export type Layout = (typeof layouts)[number]

/** What searches go by, and files small enough that a month has several. */
const layout = { zOrder: ['product_key', 'customer_sk'], targetBytes: 1024 * 1024 }

/** The same facts three times: in files of no order, as gold makes them, a folder a month, and these put into Z-order. */
export async function writeLayouts(session: SqlSession, ports: DeltaPorts): Promise<Map<Layout, Snapshot>> {
  const byMonth = await readSnapshot(factTransactions.path, ports)
  if (!byMonth) throw new Error('There are no facts')
  const shuffled = `select * from (${await scan(byMonth, ports)}) order by hash(transaction_key)`
  const definition = definitionOf({ ...factTransactions, path: 'gold/facts_in_no_order', partitionBy: [] })
  await writeTable(definition, shuffled, { session, replace: 'all' }, ports)
  const plain = await readSnapshot(definition.path, ports)
  await optimize(factTransactions.path, { session, ...layout }, ports)
  const zOrdered = await readSnapshot(factTransactions.path, ports)
  if (!plain || !zOrdered) throw new Error('The facts are gone')
  return new Map([
    ['plain', plain],
    ['by month', byMonth],
    ['Z-ordered', zOrdered],
  ])
}

export interface Search {
  /** What files may be skipped by. */
  ranges: (filters: Filters) => ColumnRange[]
  query: (from: string, filters: Filters) => string
}

const monthOnly = (month: string): ColumnRange => ({ column: 'month', min: month, max: month })
const sameKey = (column: string, key: number): ColumnRange => ({ column, min: key, max: key })

/** Searches with what they may skip files by. */
export const searches: Readonly<Record<string, Search>> = {
  'one product': {
    ranges: ({ productKey }) => [sameKey('product_key', productKey)],
    query: (from, { productKey }) =>
      `select month, sum(amount) as revenue from (${from}) where product_key = ${productKey} group by month`,
  },
  'one product in a month': {
    ranges: ({ productKey, month }) => [sameKey('product_key', productKey), monthOnly(month)],
    query: (from, { productKey, month }) =>
      `select sum(amount) as revenue from (${from}) where product_key = ${productKey} and month = '${month}'`,
  },
  'one customer': {
    ranges: ({ customerSks: [key = 0] }) => [sameKey('customer_sk', key)],
    query: (from, { customerSks: [key = 0] }) => `select * from (${from}) where customer_sk = ${key}`,
  },
  'a month by channel': {
    ranges: ({ month }) => [monthOnly(month)],
    query: (from, { month }) =>
      `select channel, sum(amount) as revenue from (${from}) where month = '${month}' group by channel`,
  },
}

/** The files that a search does not skip. */
export function filesRead(snapshot: Snapshot, { search, filters }: { search: Search; filters: Filters }): Add[] {
  const fields = tableSchema(snapshot.metadata)
  return [...snapshot.files.values()].filter(file => mayHold(file, search.ranges(filters), fields))
}

/** One search from snapshot to rows. */
export async function searched(
  snapshot: Snapshot,
  { search, filters, session, ports }: { search: Search; filters: Filters; session: SqlSession; ports: DeltaPorts },
): Promise<Timed<number>> {
  return timed(async () => {
    const from = await scan(snapshot, ports, undefined, search.ranges(filters))
    return (await session.rows(search.query(from, filters))).length
  })
}
