import type { SqlSession } from '../../ports.ts'
import { codeVersion } from '../code-version.ts'
import type { Snapshot } from '../delta/snapshot.ts'
import { type Part, type Replaced, rowsOf, writeTable } from '../delta/write-table.ts'
import { type LineageFacts, writeLineage } from '../lineage.ts'
import { definitionOf } from '../tables/table.ts'
import { type InputChange, sourceId } from './input-changes.ts'
import type { BuildContext, BuildSummary, TableBuild } from './table-build.ts'

/** The txn that tells by which query a table was made. */
export const queryId = 'query'

/** A number for a query and what it is given; another number stands for another query. */
export function queryVersion(
  { variables = {}, prelude = '', lookups = '' }: TableBuild,
  query: string,
  { ports }: Pick<BuildContext, 'ports'>,
): number {
  return Number.parseInt(ports.sha256(JSON.stringify([query, variables, prelude, lookups])).slice(0, 12), 16)
}

/** Whether the table was made by another query, or by none that is known. */
export const isOtherQuery = (before: Snapshot | undefined, version: number): boolean =>
  before?.transactions.get(queryId) !== version

/**
 * Writes the rows of a query in one commit that notes which versions of the inputs are in it, then its lineage.
 * @throws ConflictError when another writer was there since `before`
 */
export async function commitBuild(
  { table }: TableBuild,
  of: {
    query: string | readonly AsyncIterable<Part>[]
    queryVersion: number
    replace: Replaced
    before: Snapshot | undefined
    changes: readonly InputChange[]
    rowsIn: number
    startedAt: number
    session: SqlSession
  },
  { ports, runId }: BuildContext,
): Promise<BuildSummary> {
  const { query, replace, before, changes, rowsIn, startedAt, session } = of
  const known = changes.flatMap(({ snapshot, from }) => (snapshot ? [{ snapshot, from }] : []))
  const moved = known.filter(({ snapshot, from }) => snapshot.version !== from)
  const facts = (rowsOut: number): LineageFacts => ({
    ...{ table: table.path, run_id: runId, code_version: codeVersion },
    inputs: known.map(({ snapshot, from }) => ({
      table: snapshot.path,
      ...(from === undefined ? {} : { from }),
      to: snapshot.version,
    })),
    ...{ rows_in: rowsIn, rows_out: rowsOut, rejected: 0, by_rule: {} },
    started_at: new Date(startedAt).toISOString(),
    finished_at: new Date(ports.clock()).toISOString(),
  })
  const { version, rows } = await writeTable(
    definitionOf(table),
    query,
    {
      ...{ session, replace, before },
      transactions: [
        ...moved.map(({ snapshot }) => ({ appId: sourceId(snapshot.path), version: snapshot.version })),
        ...(isOtherQuery(before, of.queryVersion) ? [{ appId: queryId, version: of.queryVersion }] : []),
      ],
      info: rows => ({ lineage: facts(rows) }),
    },
    ports,
  )
  await writeLineage({ ...facts(rows), version }, ports)
  return { table: table.path, version, rowsIn, rowsOut: rows, rejected: 0, byRule: {}, skipped: false }
}

/** Rows of the inputs that are read, by the statistics of their files. */
export function rowsRead(
  changes: readonly InputChange[],
  isRead: (change: InputChange, month: string) => boolean,
): number {
  let rows = 0
  for (const change of changes) {
    for (const file of change.snapshot?.files.values() ?? []) {
      if (isRead(change, file.partitionValues.month ?? '')) rows += rowsOf(file)
    }
  }
  return rows
}
