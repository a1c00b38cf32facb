import { bindInputs } from '../../shared/lake/build/bind-inputs.ts'
import { type AsOf, type DeltaPorts, readSnapshot, type Snapshot } from '../../shared/lake/delta/snapshot.ts'
import type { SqlRow, SqlSession } from '../../shared/ports.ts'
import { type NamedTable, namedTables } from './named-tables.ts'

export interface Answer {
  rows: SqlRow[]
  /** Tables the statement names that nobody has written yet: they have no rows. */
  missing: string[]
}

/**
 * Answers one statement on the lake: the tables it names become views of the session, as `gold.daily_sales` and as
 * `gold_daily_sales`, at their newest version or as of what is asked for.
 * @throws RangeError when a table has no such version
 * @throws SqlError when the database refuses the statement
 */
export async function answer(
  text: string,
  { session, asOf }: { session: SqlSession; asOf?: AsOf | undefined },
  ports: DeltaPorts,
): Promise<Answer> {
  const { statement, tables } = namedTables(text)
  const missing: string[] = []
  for (const named of tables) {
    const snapshot = await snapshotOf(named, asOf, ports)
    if (!snapshot) missing.push(named.table.path)
    await bind(named, snapshot, { session, ports })
  }
  return { rows: await session.rows(statement), missing }
}

async function snapshotOf(
  { table, asOf: own }: NamedTable,
  asOf: AsOf | undefined,
  ports: DeltaPorts,
): Promise<Snapshot | undefined> {
  const wanted = own ?? asOf
  const snapshot = await readSnapshot(table.path, ports, wanted)
  if (snapshot || !wanted) return snapshot
  const newest = await readSnapshot(table.path, ports)
  if (!newest) return undefined
  const asked = 'version' in wanted ? `version ${wanted.version}` : `state as of ${isoTime(wanted.timestampMs)}`
  const known = `its newest version is ${newest.version} of ${isoTime(newest.timestamp)}`
  throw new RangeError(`Cannot read ${table.path} as it has no ${asked}: ${known}`)
}

async function bind(
  { table, layer, view }: NamedTable,
  snapshot: Snapshot | undefined,
  { session, ports }: { session: SqlSession; ports: DeltaPorts },
): Promise<void> {
  await bindInputs([{ table: { ...table, path: `${layer}/${view}` }, snapshot }], session, ports)
  await session.run(`
    create schema if not exists ${layer};
    create or replace view ${layer}.${view} as select * from temp.${layer}_${view}`)
}

const isoTime = (ms: number): string => new Date(ms).toISOString()
