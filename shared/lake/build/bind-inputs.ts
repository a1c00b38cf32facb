import type { SqlSession } from '../../ports.ts'
import { type FileFilter, scan } from '../delta/scan.ts'
import { type DeltaPorts, readSnapshot, type Snapshot } from '../delta/snapshot.ts'
import { duckDbType, quoted } from '../delta/table-schema.ts'
import { type Table, viewName } from '../tables/table.ts'

export interface Input {
  table: Table
  /** Which of its files to read: all without it. */
  filter?: FileFilter
  /** The snapshot to read; the newest without it. */
  snapshot?: Snapshot | undefined
}

/**
 * Makes each table readable in the session as a view: `silver/orders` as `silver_orders`. A table that is not there yet
 * has no rows; a column it lacks is null. Gives the snapshots that are read, by path.
 */
export async function bindInputs(
  inputs: readonly Input[],
  session: SqlSession,
  ports: DeltaPorts,
): Promise<Map<string, Snapshot>> {
  const snapshots = new Map<string, Snapshot>()
  for (const { table, filter, snapshot: given } of inputs) {
    const snapshot = given ?? (await readSnapshot(table.path, ports))
    if (snapshot) snapshots.set(table.path, snapshot)
    const query = snapshot ? await scan(snapshot, ports, filter) : undefined
    const found = new Set(query ? (await session.rows(`describe ${query}`)).map(row => String(row.column_name)) : [])
    const missing = table.columns
      .filter(({ name }) => !found.has(name))
      .map(({ name, type }) => `null::${duckDbType(type)} as ${quoted(name)}`)
    const from = query === undefined ? 'where false' : `from (${query})`
    const columns = [...(query === undefined ? [] : ['*']), ...missing].join(', ')
    await session.run(`create or replace temp view ${viewName(table.path)} as select ${columns} ${from}`)
  }
  return snapshots
}
