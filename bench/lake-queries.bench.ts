import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { profiles } from '../commands/generate/profiles.ts'
import { duckDbSql } from '../shared/adapters/duckdb/sql.ts'
import { directoryBlobs } from '../shared/adapters/files/blobs.ts'
import { memoryPorts } from '../shared/adapters/memory/ports.ts'
import { seededRandom } from '../shared/algorithms/random.ts'
import { bindInputs } from '../shared/lake/build/bind-inputs.ts'
import type { Snapshot } from '../shared/lake/delta/snapshot.ts'
import {
  customerSegments,
  dailySales,
  dimCustomers,
  dimDate,
  dimProducts,
  factTransactions,
} from '../shared/lake/tables/gold-tables.ts'
import type { Ports, SqlSession } from '../shared/ports.ts'
import { dashboardQueries, type Filters } from './dashboard-queries.ts'
import { interleave } from './interleave.ts'
import { filesRead, type Layout, type Search, searched, searches, writeLayouts } from './lake-layouts.ts'
import { lakeShop } from './lake-shop.ts'
import { type Bench, type BenchResult, compared, lone } from './report.ts'
import { withState } from './sample-stack.ts'
import { quantile } from './spread.ts'
import { threads } from './threads.ts'

const runs = 20
/** Putting five million rows out of order takes more than answering does. */
const memoryMb = 3_000

/**
 * What dashboards ask of gold, each time with other filters, in one session with the tables bound, as `npm run sql` has it;
 * then searches of the same facts in files of no order, by month, and by month in Z-order.
 */
export const lakeQueriesBench: Bench = (step, { profile = 'lakehouse' }) =>
  withState(async root => {
    const size = Object.entries(profiles).find(([name]) => name === profile)?.[1]
    if (!size)
      throw new RangeError(`--profile must be one of ${Object.keys(profiles).join(', ')}: current value is ${profile}`)
    const sql = duckDbSql({ memoryMb, threads, folder: join(root, 'scratch') })
    const ports: Ports = { ...memoryPorts(), blobs: directoryBlobs(root), sql, clock: Date.now, uuid: randomUUID }
    await lakeShop(size, { context: { ports, runId: 'bench' }, step })
    await using session = await sql.open()
    step('writing the facts in three layouts')
    const layouts = await writeLayouts(session, ports)
    const tables = [factTransactions, dailySales, dimDate, dimProducts, dimCustomers, customerSegments]
    await bindInputs(
      tables.map(table => ({ table })),
      session,
      ports,
    )
    const filters = await drawnFilters(session)
    return [
      ...(await dashboards(filters, { session, step })),
      ...(await layoutsCompared(layouts, { filters, session, ports, step })),
    ]
  })

async function dashboards(
  filters: readonly Filters[],
  { session, step }: { session: SqlSession; step: (text: string) => void },
): Promise<BenchResult[]> {
  const all: number[] = []
  const results: BenchResult[] = []
  for (const [name, query] of Object.entries(dashboardQueries)) {
    step(name)
    const ms: number[] = []
    let rows = 0
    for (const each of filters) {
      const started = performance.now()
      rows += (await session.rows(query(each))).length
      ms.push(performance.now() - started)
    }
    // The first run warms up.
    const counted = ms.slice(1)
    all.push(...counted)
    const quality = { p95_ms: quantile(counted, 0.95), mean_rows: Math.round(rows / filters.length) }
    results.push(lone(name, { values: counted, unit: 'ms', quality }))
  }
  return [
    lone('all dashboard queries', { values: all, unit: 'ms', quality: { p95_ms: quantile(all, 0.95) } }),
    ...results,
  ]
}

async function layoutsCompared(
  written: ReadonlyMap<Layout, Snapshot>,
  of: { filters: readonly Filters[]; session: SqlSession; ports: Ports; step: (text: string) => void },
): Promise<BenchResult[]> {
  const { filters, session, ports, step } = of
  const results: BenchResult[] = []
  for (const [name, search] of Object.entries(searches)) {
    step(name)
    const contestant = (layout: Layout) => {
      let next = 0
      return () => {
        const chosen = filters[next % filters.length]
        const snapshot = written.get(layout)
        if (!chosen || !snapshot) throw new Error(`There is nothing to search in the layout ${layout}`)
        next += 1
        return searched(snapshot, { search, filters: chosen, session, ports })
      }
    }
    const { sidecart, peers } = await interleave(
      { sidecart: contestant('Z-ordered') },
      { plain: contestant('plain'), 'by month': contestant('by month') },
      { runs, warmUps: 1, step: () => undefined },
    )
    results.push(
      compared(`Z-ordered: ${name}`, { sidecart, peers, quality: megabytesRead(written, { search, filters }) }),
    )
  }
  return results
}

/** What a search has to fetch when nothing of the table is at hand: the files that are not skipped. */
function megabytesRead(
  written: ReadonlyMap<Layout, Snapshot>,
  { search, filters }: { search: Search; filters: readonly Filters[] },
): Record<string, number> {
  const [first] = filters
  if (!first) return {}
  return Object.fromEntries(
    [...written].map(([layout, snapshot]) => {
      const bytes = filesRead(snapshot, { search, filters: first }).reduce((sum, { size }) => sum + size, 0)
      return [`${layout.replaceAll(' ', '_')}_mb_read`, Math.round(bytes / 1e5) / 10]
    }),
  )
}

/** Filters for every run, drawn from what there is: products and customers with sales, the popular more often. */
async function drawnFilters(session: SqlSession): Promise<Filters[]> {
  const random = seededRandom(1)
  const months = (await session.rows('select distinct month from gold_daily_sales order by month')).map(({ month }) =>
    String(month),
  )
  const names = async (column: string) =>
    (await session.rows(`select distinct ${column} as name from gold_daily_sales order by name`)).map(({ name }) =>
      String(name),
    )
  const [categories, countries] = [await names('category'), await names('country')]
  const lines = await session.rows(`
    select product_key, customer_key, customer_sk from gold_fact_transactions
    where hash(transaction_key) % 1000 = 0 and customer_sk <> 0 order by transaction_key limit 10000`)
  const pick = <T>(list: readonly T[], what: string): T => {
    const found = list[Math.floor(random() * list.length)]
    if (found === undefined) throw new Error(`There is no ${what} to ask for`)
    return found
  }
  return Array.from({ length: runs + 1 }, () => {
    const month = pick(months, 'month')
    const customer = pick(lines, 'customer')
    return {
      ...{ month, quarterStart: months[Math.max(0, months.indexOf(month) - 2)] ?? month },
      ...{ category: pick(categories, 'category'), country: pick(countries, 'country') },
      ...{ productKey: Number(pick(lines, 'product').product_key), customerKey: String(customer.customer_key) },
      customerSks: [Number(customer.customer_sk)],
    }
  })
}
