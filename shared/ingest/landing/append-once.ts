import { ConflictError } from '../../lake/delta/commit.ts'
import { readSnapshot, type Snapshot } from '../../lake/delta/snapshot.ts'
import { tableSchema } from '../../lake/delta/table-schema.ts'
import { writeTable } from '../../lake/delta/write-table.ts'
import { definitionOf, type Table } from '../../lake/tables/table.ts'
import type { Ports, SqlSession } from '../../ports.ts'
import type { BronzeColumn } from './bronze-columns.ts'
import { RefusedFile } from './refused-file.ts'

/** Columns that nobody declared, of all files together. */
const addedColumnsMax = 200
/** Files that come at once may each add columns: whoever was second writes again. */
const triesMax = 20

/** How far a landing file has come in a table: its name, and which of the contents it had. */
export interface Content {
  path: string
  version: number
}

export const landingTransaction = ({ path }: { path: string }): string => `landing/${path.slice('landing/'.length)}`

/**
 * Appends the rows of a query to a table of bronze, unless this content of the file is in it already. Resolves with the
 * number of rows written, undefined when they were there.
 * @throws RefusedFile when the table would get too many columns that nobody declared
 */
export async function appendOnce(
  {
    table,
    columns,
    query,
    content,
  }: { table: Table; columns: readonly BronzeColumn[]; query: string; content: Content },
  session: SqlSession,
  ports: Ports,
): Promise<number | undefined> {
  const appId = landingTransaction(content)
  for (let tries = 1; ; tries++) {
    const before = await readSnapshot(table.path, ports)
    if ((before?.transactions.get(appId) ?? 0) >= content.version) return undefined
    const definition = { ...definitionOf(table), fields: fieldsOf(table, columns, before) }
    const transactions = [{ appId, version: content.version, lastUpdated: ports.clock() }]
    const info = (rows: number) => ({ landing: { ...content, rows } })
    try {
      const { rows } = await writeTable(
        definition,
        query,
        { session, replace: 'none', before, transactions, info },
        ports,
      )
      return rows
    } catch (cause) {
      if (!(cause instanceof ConflictError) || tries === triesMax) throw cause
    }
  }
}

function fieldsOf(table: Table, columns: readonly BronzeColumn[], before: Snapshot | undefined) {
  const { fields } = definitionOf(table)
  const declared = new Set(fields.map(({ name }) => name))
  const added = columns.filter(({ isAdded }) => isAdded).map(({ name }) => name)
  const earlier = before ? tableSchema(before.metadata).map(({ name }) => name) : []
  const all = new Set([...earlier, ...added].filter(name => !declared.has(name)))
  if (all.size > addedColumnsMax) {
    throw new RefusedFile(
      `The file has ${added.length} columns that nobody knows, ${table.path} would have ${all.size} of them: at most ${addedColumnsMax} are kept; name those you need in a mapping file`,
    )
  }
  return [...fields, ...added.map(name => ({ name, type: 'string', nullable: true, metadata: {} }))]
}
