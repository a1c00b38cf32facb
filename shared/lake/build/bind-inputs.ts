import type { SqlSession } from '../../ports.ts'
import type { FileFilter } from '../delta/scan.ts'
import { type DeltaPorts, readSnapshot, type Snapshot } from '../delta/snapshot.ts'
import { scanTable } from '../tables/scan-table.ts'
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
    await session.run(
      `create or replace temp view ${viewName(table.path)} as ${await scanTable(table, snapshot, ports, filter)}`,
    )
  }
  return snapshots
}
