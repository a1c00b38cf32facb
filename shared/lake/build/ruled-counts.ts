import type { SqlSession } from '../../ports.ts'

/** What became of the rows of a build. in = out + rejected. */
export interface Counts {
  /** New rows, and rows that waited until now. */
  rowsIn: number
  rowsOut: number
  /** New rows that went to quarantine; those that go on waiting were counted when they came. */
  rejected: number
  byRule: Record<string, number>
  /** Rows that waited and do so no more, or by another rule. */
  released: number
}

/** Counts what `judge` decided. */
export async function countRows(session: SqlSession): Promise<Counts> {
  const [all] = await session.rows('select count(*) as rows, count(_waited) as waited from staged')
  const byRule: Record<string, number> = {}
  let waiting = 0
  let sameRule = 0
  let rejected = 0
  for (const row of await session.rows(
    'select rule, _waited, count(*) as rows from rejected group by all order by all',
  )) {
    const rows = Number(row.rows)
    if (row._waited !== null) {
      waiting += rows
      if (row._waited === row.rule) sameRule += rows
      continue
    }
    byRule[String(row.rule)] = rows
    rejected += rows
  }
  const rowsIn = Number(all?.rows) - waiting
  return { rowsIn, rowsOut: rowsIn - rejected, rejected, byRule, released: Number(all?.waited) - sameRule }
}
