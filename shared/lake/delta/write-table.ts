import type { SqlSession } from '../../ports.ts'
import type { Add, Metadata, Transaction } from './actions.ts'
import { commit } from './commit.ts'
import { removal } from './removal.ts'
import { type DeltaPorts, readSnapshot, type Snapshot } from './snapshot.ts'
import { statisticsColumns, statisticsProperty, statisticsText } from './statistics.ts'
import { type Field, schemaString, tableSchema } from './table-schema.ts'
import { writeFiles } from './write-files.ts'

/** What a table is to be: further columns may come later, none goes. */
export interface TableDefinition {
  /** Container/name. */
  path: string
  fields: readonly Field[]
  partitionColumns: readonly string[]
  description?: string
  /** The columns that files tell bounds of; all of them without it. */
  statistics?: ReadonlySet<string>
}

/** Which files the new ones take the place of: none, all, or those that are told. */
export type Replaced = 'none' | 'all' | ((file: Add) => boolean)

/**
 * Rows to be written, as a session gives them; those of one partition where `within` tells it: the query then lacks the
 * partition columns.
 */
export interface Part {
  session: SqlSession
  query: string
  within?: Add['partitionValues']
}

export interface Written {
  version: number
  files: number
  rows: number
}

/**
 * Writes the rows of a query into the table in one commit; makes the table, and adds columns it lacks.
 * @param query or rows of parts, some at once: a part is asked for when the one before it is written
 * @param options.before the snapshot that the query was decided by; read anew when it is not given, undefined: there was no table
 * @throws ConflictError when another writer changed what this one replaces
 */
export async function writeTable(
  definition: TableDefinition,
  query: string | readonly AsyncIterable<Part>[],
  options: {
    session: SqlSession
    replace: Replaced
    before?: Snapshot | undefined
    operation?: string
    transactions?: readonly Transaction[]
    /** Kept with the commit; may tell how many rows were written. */
    info?: Readonly<Record<string, unknown>> | ((rows: number) => Readonly<Record<string, unknown>>)
  },
  ports: DeltaPorts,
): Promise<Written> {
  const { session, replace, transactions = [], info = {} } = options
  const before = 'before' in options ? options.before : await readSnapshot(definition.path, ports)
  const fields = mergedFields(before, definition)
  const { path: table, partitionColumns, statistics = before && statisticsColumns(before.metadata) } = definition
  const like = { table, fields, partitionColumns, ...(statistics ? { statistics } : {}) }
  const add =
    typeof query === 'string'
      ? await writeFiles({ ...like, query }, session, ports)
      : await writeParts(query, like, ports)
  const isReplaced = replace === 'none' ? () => false : replace === 'all' ? () => true : replace
  const replaced = [...(before?.files.values() ?? [])].filter(isReplaced)
  const metadata = newMetadata(before, { definition, fields, ports })
  const rows = add.reduce((sum, file) => sum + rowsOf(file), 0)
  const version = await commit(
    table,
    before,
    {
      operation: options.operation ?? 'WRITE',
      parameters: { mode: replace === 'none' ? 'Append' : 'Overwrite', partitionBy: JSON.stringify(partitionColumns) },
      ...(metadata ? { metadata } : {}),
      add,
      remove: replaced.map(file => removal(file, ports.clock())),
      transactions,
      reads: replace === 'none' ? 'nothing' : 'table',
      info: typeof info === 'function' ? info(rows) : info,
    },
    ports,
  )
  return { version, files: add.length, rows }
}

/** The files of all parts, by path: whichever was written first. */
async function writeParts(
  lines: readonly AsyncIterable<Part>[],
  of: {
    table: string
    fields: readonly Field[]
    partitionColumns: readonly string[]
    statistics?: ReadonlySet<string>
  },
  ports: DeltaPorts,
): Promise<Add[]> {
  const { fields, partitionColumns } = of
  const unpartitioned = fields.filter(({ name }) => !partitionColumns.includes(name))
  let hasFailed = false
  const written = lines.map(async parts => {
    const add: Add[] = []
    try {
      for await (const { session, query, within } of parts) {
        const columns =
          within === undefined ? { fields, partitionColumns } : { within, fields: unpartitioned, partitionColumns: [] }
        add.push(...(await writeFiles({ ...of, query, ...columns }, session, ports)))
        if (hasFailed) break
      }
    } catch (cause) {
      hasFailed = true
      throw cause
    }
    return add
  })
  // Nothing goes on in a session once this is over, also where a part failed.
  await Promise.allSettled(written)
  return (await Promise.all(written)).flat().sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** How many rows a file has, by its statistics. @throws Error when it has none */
export function rowsOf({ path, stats }: Add): number {
  if (typeof stats !== 'string') throw new Error(`Cannot tell the rows of ${path}: it has no statistics`)
  return Number((JSON.parse(stats) as { numRecords: number }).numRecords)
}

/** The table's own columns, then those that are new to it. @throws RangeError for columns that became something else */
function mergedFields(before: Snapshot | undefined, { path, fields, partitionColumns }: TableDefinition): Field[] {
  const zoneless = fields.find(({ type }) => JSON.stringify(type).includes('"timestamp_ntz"'))
  if (zoneless)
    throw new RangeError(`Cannot write ${zoneless.name} into ${path} as timestamp_ntz: a timestamp has a zone`)
  if (!before) return [...fields]
  const own = tableSchema(before.metadata)
  const known = new Map(own.map(field => [field.name.toLowerCase(), field]))
  for (const { name, type } of fields) {
    const found = known.get(name.toLowerCase())
    const [was, is] = [JSON.stringify(found?.type), JSON.stringify(type)]
    if (found && found.name !== name) {
      throw new RangeError(`Cannot add ${name} to ${path} as it has ${found.name}: names differ by more than case`)
    }
    if (found && was !== is) throw new RangeError(`Cannot write ${is} into ${name} of ${path} as it holds ${was}`)
  }
  const partitions = JSON.stringify(before.metadata.partitionColumns)
  if (JSON.stringify(partitionColumns) !== partitions) {
    throw new RangeError(`Cannot partition ${path} by ${JSON.stringify(partitionColumns)} as it is by ${partitions}`)
  }
  return [
    ...own,
    ...fields.filter(({ name }) => !known.has(name.toLowerCase())).map(field => ({ ...field, nullable: true })),
  ]
}

function newMetadata(
  before: Snapshot | undefined,
  { definition, fields, ports }: { definition: TableDefinition; fields: readonly Field[]; ports: DeltaPorts },
): Metadata | undefined {
  const schema = schemaString(fields)
  if (before) {
    const isWider = fields.length > tableSchema(before.metadata).length
    return isWider ? { ...before.metadata, schemaString: schema } : undefined
  }
  const { path, description, partitionColumns, statistics } = definition
  return {
    id: ports.uuid(),
    name: path.slice(path.lastIndexOf('/') + 1),
    ...(description === undefined ? {} : { description }),
    format: { provider: 'parquet', options: {} },
    schemaString: schema,
    partitionColumns: [...partitionColumns],
    configuration: statistics ? { [statisticsProperty]: statisticsText(statistics) } : {},
    createdTime: ports.clock(),
  }
}
