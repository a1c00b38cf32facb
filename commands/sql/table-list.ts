import type { DeltaPorts } from '../../shared/lake/delta/snapshot.ts'
import { duckDbType } from '../../shared/lake/delta/table-schema.ts'
import { tableStates } from '../../shared/lake/table-states.ts'
import { lakeTables } from '../../shared/lake/tables/lake-tables.ts'
import type { SqlRow } from '../../shared/ports.ts'

/** Every table that has been written: rows, size, version, when that was, and what it holds. */
export async function tableList(ports: DeltaPorts): Promise<SqlRow[]> {
  const about = new Map(lakeTables.map(table => [table.path, table.about]))
  return (await tableStates(ports)).map(({ table, rows, bytes, version, written_at }) => {
    const mb = Math.round(bytes / 1e4) / 100
    return { table: table.replace('/', '.'), rows, mb, version, written_at, about: about.get(table) }
  })
}

/** The columns of a table as declared: `gold.daily_sales`. @throws RangeError for a table nobody knows, naming those there are */
export function tableColumns(name: string): { about: string; columns: SqlRow[] } {
  const table = lakeTables.find(({ path }) => [path, path.replace('/', '.'), path.replace('/', '_')].includes(name))
  if (!table) {
    const known = lakeTables.map(({ path }) => path.replace('/', '.')).join(', ')
    throw new RangeError(`The table must be one of ${known}: current value is ${name}`)
  }
  const { about, columns, partitionBy } = table
  return {
    about: partitionBy.length === 0 ? about : `${about}; partitioned by ${partitionBy.join(', ')}`,
    columns: columns.map(column => ({ column: column.name, type: duckDbType(column.type), meaning: column.about })),
  }
}
