import type { SqlRow } from '../ports.ts'
import { bindInputs } from './build/bind-inputs.ts'
import type { DeltaPorts } from './delta/snapshot.ts'
import { sqlFile } from './sql-file.ts'
import { lakeTables } from './tables/lake-tables.ts'
import { type Table, viewName } from './tables/table.ts'

/**
 * What the queries in sql/reports/ give, by name: `sales-by-month`. A table that is not there has no rows.
 * @throws SqlError naming the query that the database refuses
 */
export async function figures<Name extends string>(
  names: readonly Name[],
  ports: DeltaPorts,
): Promise<(name: Name) => SqlRow[]> {
  await using session = await ports.sql.open()
  const queries = new Map<Name, string>()
  for (const name of names) queries.set(name, await sqlFile(`reports/${name}`))
  await bindInputs(
    namedIn([...queries.values()]).map(table => ({ table })),
    session,
    ports,
  )
  const found = new Map<Name, SqlRow[]>()
  for (const [name, query] of queries) found.set(name, await session.rows(query))
  return name => found.get(name) ?? []
}

const namedIn = (queries: readonly string[]): Table[] =>
  lakeTables.filter(({ path }) => queries.some(query => new RegExp(`\\b${viewName(path)}\\b`).test(query)))
