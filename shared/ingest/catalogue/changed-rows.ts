import { scan } from '../../lake/delta/scan.ts'
import { readSnapshot, type Snapshot } from '../../lake/delta/snapshot.ts'
import { scanTable } from '../../lake/tables/scan-table.ts'
import type { Ports } from '../../ports.ts'
import type { ServedTable } from './served-tables.ts'

type LakePorts = Pick<Ports, 'blobs' | 'sql' | 'clock' | 'uuid'>

/**
 * A query of the rows that are not in an earlier version of the table as they are now: all of them when there is no such
 * version any more.
 */
export async function changedRows(
  { table, key, version, where, columns }: ServedTable,
  { now, from }: { now: Snapshot; from: number | undefined },
  ports: LakePorts,
): Promise<string> {
  const rows = `select * from (${await scanTable(table, now, ports)}) where ${where}`
  const earlier = from === undefined ? undefined : await earlierRows(now.path, from, ports)
  if (earlier === undefined) return `select ${columns} from (${rows})`
  const same = [key, ...version].map(column => `now.${column} is not distinct from before.${column}`).join(' and ')
  return `select ${columns} from (${rows}) now anti join (select * from (${earlier}) where ${where}) before on ${same}`
}

async function earlierRows(table: string, version: number, ports: LakePorts): Promise<string | undefined> {
  try {
    const before = await readSnapshot(table, ports, { version })
    return before && (await scan(before, ports))
  } catch {
    // Its files may have been vacuumed: every row is compared with its document instead.
    return undefined
  }
}
