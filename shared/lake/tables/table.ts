import type { Field } from '../delta/table-schema.ts'
import type { TableDefinition } from '../delta/write-table.ts'
import { personalColumns } from './personal-columns.ts'

/** A table of the lake: what stands here is what its files hold, and what the data dictionary says. */
export interface Table {
  /** Container/name: `silver/orders`. In SQL files it is called `silver_orders`. */
  readonly path: string
  readonly about: string
  readonly columns: readonly Column[]
  readonly partitionBy: readonly string[]
}

export interface Column {
  readonly name: string
  /** As Delta names it: string, long, double, timestamp … */
  readonly type: string
  readonly about: string
}

/** Columns by name, each with its type and what it means. */
export type Columns = Readonly<Record<string, readonly [type: string, about: string]>>

export function table(path: string, of: { about: string; columns: Columns; partitionBy?: readonly string[] }): Table {
  const { about, columns, partitionBy = [] } = of
  return {
    ...{ path, about, partitionBy },
    columns: Object.entries(columns).map(([name, [type, meaning]]) => ({ name, type, about: meaning })),
  }
}

/** The table as Delta is told of it; columns carry their meaning as Spark shows it. */
export function definitionOf({ path, about, columns, partitionBy }: Table): TableDefinition {
  const fields = columns.map(
    ({ name, type, about: comment }): Field => ({ name, type, nullable: true, metadata: { comment } }),
  )
  const statistics = new Set(columns.map(({ name }) => name).filter(name => !personalColumns.has(name)))
  return { path, fields, partitionColumns: partitionBy, description: about, statistics }
}

/** What SQL files call a table: `silver/orders` is `silver_orders`. */
export const viewName = (path: string): string => path.replaceAll('/', '_')
