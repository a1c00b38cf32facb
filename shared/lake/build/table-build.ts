import type { Ports, SqlSession } from '../../ports.ts'
import type { Table } from '../tables/table.ts'

/** A table that is made of others by a query. */
export interface TableBuild {
  table: Table
  inputs: readonly BuildInput[]
  /**
   * `set variable`s the query reads by `getvariable()`; a change of one makes the whole table anew. By months there are
   * also `first_day` and `end_day`: nothing before the one, or from the other on, is asked for.
   */
  variables?: Readonly<Record<string, string | number>>
  /** SQL to be run before the query: macros. */
  prelude?: string
  /** Of a table made by months: SQL to be run once its other inputs are bound: what every month looks up. */
  lookups?: string
}

export interface BuildInput {
  table: Table
  /**
   * Of a table that is made by months: which months a change of this input touches. `own` (as it is for inputs by month):
   * those its rows are in, moved by `reach`; `none`: the input only looks things up that stay true; `all` (as it is for
   * others): every month; or a query of them.
   */
  touches?: 'own' | 'all' | 'none' | TouchedQuery
  /**
   * Of inputs by month: the first and the last month, beside its own, that a month of the table is made from. [0, 1]: of
   * its own and of the next.
   */
  reach?: readonly [first: number, last: number]
  /** Every month is read, whatever is touched. */
  readsAll?: boolean
  /** Of other inputs: a query of the months that its rows are for; without it they are for those of the inputs by month. */
  months?: string
}

/**
 * A query of months, `2026-01`. It may read the table's inputs, and of this one also `…_added` and `…_removed`, the rows
 * of the files that came and went since (a row may be in both), and `…_before`, its rows as they were.
 */
interface TouchedQuery {
  query: string
}

export interface BuildContext {
  ports: Pick<Ports, 'blobs' | 'sql' | 'clock' | 'uuid' | 'log' | 'sha256'>
  runId: string
  /** Makes the table anew, whatever is known of it. */
  rebuild?: boolean
}

/** What became of a build; `version` is absent when there is still no such table. */
export interface BuildSummary {
  table: string
  version?: number | undefined
  rowsIn: number
  rowsOut: number
  rejected: number
  byRule: Readonly<Record<string, number>>
  /** Nothing was new. */
  skipped: boolean
}

export const skipped = (table: Table, version?: number): BuildSummary => ({
  table: table.path,
  version,
  ...{ rowsIn: 0, rowsOut: 0, rejected: 0, byRule: {}, skipped: true },
})

/** Sets the build's variables and runs its prelude. */
export async function prepare({ variables = {}, prelude = '' }: TableBuild, session: SqlSession): Promise<void> {
  const sets = Object.entries(variables).map(
    ([name, value]) =>
      `set variable ${name} = ${typeof value === 'number' ? value : `'${value.replaceAll("'", "''")}'`};`,
  )
  const statements = [...sets, prelude].join('\n').trim()
  if (statements !== '') await session.run(statements)
}
