import { type DeltaPorts, readSnapshot } from '../../shared/lake/delta/snapshot.ts'
import { duckDbType } from '../../shared/lake/delta/table-schema.ts'
import { rowsOf } from '../../shared/lake/delta/write-table.ts'
import { lakeTables } from '../../shared/lake/tables/lake-tables.ts'
import type { SqlRow } from '../../shared/ports.ts'

/** Every table that has been written: its version, when that was, rows and size. */
export async function tableList(ports: DeltaPorts): Promise<SqlRow[]> {
  const found = await Promise.all(
    lakeTables.map(async ({ path, about }) => {
      const snapshot = await readSnapshot(path, ports)
      if (!snapshot) return []
      const files = [...snapshot.files.values()]
      const megabytes = Math.round(files.reduce((sum, { size }) => sum + size, 0) / 1e4) / 100
      const rows = files.reduce((sum, file) => sum + rowsOf(file), 0)
      const written = new Date(snapshot.timestamp).toISOString()
      return [{ table: path.replace('/', '.'), rows, mb: megabytes, version: snapshot.version, written, about }]
    }),
  )
  return found.flat()
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
