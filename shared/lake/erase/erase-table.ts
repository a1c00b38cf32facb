import type { SqlSession } from '../../ports.ts'
import { bindInputs } from '../build/bind-inputs.ts'
import { decidedAnew } from '../build/decided-anew.ts'
import { type ErasedRows, eraseRows } from '../delta/erase-rows.ts'
import { forgetInLog } from '../delta/forget-in-log.ts'
import { type DeltaPorts, readSnapshot, type Snapshot } from '../delta/snapshot.ts'
import { quoted, tableSchema } from '../delta/table-schema.ts'
import { definitionOf, type Table } from '../tables/table.ts'
import type { ErasureRule } from './erasure-rules.ts'
import { knowPerson, type PersonInLake } from './person-in-lake.ts'

/**
 * Erases a person from a table of the lake, its log and its earlier versions, by the table's rule. Repeated, it finds
 * nothing.
 * @throws ConflictError when other writers are in the way time after time
 */
export async function eraseFromTable(
  rule: ErasureRule,
  person: PersonInLake,
  pseudonymKey: string,
  ports: DeltaPorts,
): Promise<ErasedRows> {
  await using session = await ports.sql.open()
  const keys = await knowPerson(person, pseudonymKey, session)
  const erased = await decidedAnew(async () => {
    const snapshot = await readSnapshot(rule.table.path, ports)
    if (!snapshot) return { rows: 0, files: 0 }
    const asked = await askedOf(rule, snapshot, session, ports)
    if (!asked) return { rows: 0, files: 0 }
    const { statistics } = definitionOf(rule.table)
    return await eraseRows(rule.table.path, { session, statistics, ...asked }, ports)
  })
  const texts = [...person.userIds, ...person.sessionIds, ...keys]
  const logs = await forgetInLog(rule.table.path, texts, ports)
  return { rows: erased.rows, files: erased.files + logs }
}

/** Which rows are asked for and what they become; undefined where nothing can name the person. */
async function askedOf(
  { table, deletes = 'false', severs, lookups }: ErasureRule,
  snapshot: Snapshot,
  session: SqlSession,
  ports: DeltaPorts,
): Promise<{ holds: string; rewritten: (rows: string) => string } | undefined> {
  if (lookups) {
    await bindInputs(
      lookups.reads.map(each => ({ table: each })),
      session,
      ports,
    )
    await session.run(lookups.prelude)
  }
  const found = new Set(tableSchema(snapshot.metadata).map(({ name }) => name))
  const added = addedColumns(table, found)
  const isNamedInAdded = added.map(name => `is_person(${quoted(name)})`).join(' or ') || 'false'
  const isSevered = `(coalesce(${severs?.where ?? 'false'}, false) or ${isNamedInAdded})`
  const columns = Object.entries(severs?.columns ?? {}).filter(([name]) => found.has(name))
  const replaced = [...columns, ...added.map(name => [name, 'null'] as const)].map(
    ([name, value]) => `if(${isSevered}, ${value}, ${quoted(name)}) as ${quoted(name)}`,
  )
  if (deletes === 'false' && replaced.length === 0) return undefined
  return {
    holds: `(${deletes}) or ${isSevered}`,
    rewritten: rows => {
      const kept = `select * from (${rows}) where (${deletes}) is not true`
      return replaced.length === 0 ? kept : `select * replace (${replaced.join(', ')}) from (${kept})`
    },
  }
}

/** Texts of files that bronze keeps under names nobody declared. */
function addedColumns({ path, columns }: Table, found: ReadonlySet<string>): string[] {
  if (!path.startsWith('bronze/')) return []
  const declared = new Set(columns.map(({ name }) => name))
  return [...found].filter(name => !declared.has(name))
}
