import type { Ports } from '../../ports.ts'
import { type FileFilter, scan } from '../delta/scan.ts'
import type { Snapshot } from '../delta/snapshot.ts'
import { duckDbType, quoted, tableSchema } from '../delta/table-schema.ts'
import type { Table } from './table.ts'

/**
 * A query of a table's rows with every column that is declared, to stand in SQL as `(…)`: a column that came after the
 * snapshot was written is null, and a table that is not there yet has no rows.
 */
export async function scanTable(
  { columns }: Table,
  snapshot: Snapshot | undefined,
  { blobs }: Pick<Ports, 'blobs'>,
  filter?: FileFilter,
): Promise<string> {
  const found = new Set(snapshot ? tableSchema(snapshot.metadata).map(({ name }) => name) : [])
  const missing = columns
    .filter(({ name }) => !found.has(name))
    .map(({ name, type }) => `null::${duckDbType(type)} as ${quoted(name)}`)
  if (!snapshot) return `select ${missing.join(', ')} where false`
  return `select ${['*', ...missing].join(', ')} from (${await scan(snapshot, { blobs }, filter)})`
}
