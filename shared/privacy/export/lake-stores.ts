import { z } from 'zod'
import { readSnapshot } from '../../lake/delta/snapshot.ts'
import { type ErasureRule, erasureRules } from '../../lake/erase/erasure-rules.ts'
import { knowPerson } from '../../lake/erase/person-in-lake.ts'
import { scanTable } from '../../lake/tables/scan-table.ts'
import type { Ports, SqlSession } from '../../ports.ts'
import { guestPrefix } from '../../schemas/ids.ts'
import type { ExportedStore } from '../../schemas/privacy-answers.ts'

type LakePorts = Pick<Ports, 'blobs' | 'sql' | 'clock' | 'uuid'>

/** Rows of one table in an answer; the whole number is told beside them. */
const rowsMax = 1_000
const Total = z.object({ total: z.coerce.number() })

/** The person's rows in every table that erasing would look in. */
export async function lakeStores(
  ids: readonly string[],
  pseudonymKey: string,
  ports: LakePorts,
): Promise<ExportedStore[]> {
  const sessionIds = ids.filter(id => id.startsWith(guestPrefix)).map(id => id.slice(guestPrefix.length))
  await using session = await ports.sql.open()
  await knowPerson({ userIds: ids, sessionIds }, pseudonymKey, session)
  const stores: ExportedStore[] = []
  const rules: readonly ErasureRule[] = Object.values(erasureRules).flat()
  for (const rule of rules) {
    const where = conditionOf(rule)
    if (where !== undefined) stores.push(await storeOf(rule, where, session, ports))
  }
  return stores
}

/** What says that a row is the person's. Without any, or where that follows from other tables, a table names nobody. */
function conditionOf({ deletes, severs, lookups }: ErasureRule): string | undefined {
  if (severs) return severs.where
  return lookups ? undefined : deletes
}

async function storeOf(
  { table }: ErasureRule,
  where: string,
  session: SqlSession,
  ports: LakePorts,
): Promise<ExportedStore> {
  const snapshot = await readSnapshot(table.path, ports)
  const rows = `from (${await scanTable(table, snapshot, ports)}) where ${where}`
  const [counted] = await session.rows(`select count(*) as total ${rows}`)
  const { total } = Total.parse(counted)
  const newest = table.columns.find(({ type }) => type === 'timestamp')?.name
  const order = newest === undefined ? '' : `order by ${newest} desc nulls last`
  const items = total === 0 ? [] : await session.rows(`select * ${rows} ${order} limit ${rowsMax}`)
  return { store: `lake/${table.path}`, about: table.about, total, items }
}
