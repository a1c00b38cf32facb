import type { Add } from './actions.ts'
import { dataPath } from './log-paths.ts'
import { type ColumnRange, mayHold } from './skip-files.ts'
import type { DeltaPorts, Snapshot } from './snapshot.ts'
import { duckDbType, type Field, literal, quoted, tableSchema } from './table-schema.ts'

/** Which of a snapshot's files to read: all of them without a filter. */
export type FileFilter = (file: Add) => boolean

/** Files on their way from the store at once. */
const concurrent = 8

/**
 * A query of the snapshot's rows, to stand in SQL as `(…)`: columns as the log has them, in its order. Files are fetched
 * where the engine can read them.
 * @param ranges files that surely have no row within all of these are left out; rows outside of them may still come
 */
export async function scan(
  snapshot: Snapshot,
  { blobs }: Pick<DeltaPorts, 'blobs'>,
  filter: FileFilter = () => true,
  ranges: readonly ColumnRange[] = [],
): Promise<string> {
  const fields = tableSchema(snapshot.metadata)
  const files = [...snapshot.files.values()].filter(file => filter(file) && mayHold(file, ranges, fields))
  if (files.length === 0) {
    return `select ${fields.map(({ name, type }) => `null::${duckDbType(type)} as ${quoted(name)}`).join(', ')} where false`
  }
  const groups = new Map<string, { values: Add['partitionValues']; files: string[] }>()
  for await (const { file, local } of fetched(snapshot.path, files, blobs)) {
    const key = JSON.stringify(file.partitionValues)
    const group = groups.get(key) ?? { values: file.partitionValues, files: [] }
    group.files.push(local)
    groups.set(key, group)
  }
  const partitioned = new Set(snapshot.metadata.partitionColumns)
  const parts = [...groups.values()].map(({ values, files: locals }) => {
    const columns = fields.map(({ name, type }) =>
      // An empty text stands for null. Source: PROTOCOL.md, "Partition Value Serialization".
      partitioned.has(name) ? `${literal(values[name] || null)}::${duckDbType(type)} as ${quoted(name)}` : quoted(name),
    )
    const stored = fields.filter(({ name }) => !partitioned.has(name))
    return `select ${columns.join(', ')} from ${parquet(locals, stored)}`
  })
  return parts.join(' union all ')
}

async function* fetched(
  table: string,
  files: readonly Add[],
  blobs: DeltaPorts['blobs'],
): AsyncIterable<{ file: Add; local: string }> {
  for (let start = 0; start < files.length; start += concurrent) {
    const some = files.slice(start, start + concurrent).map(async file => {
      const path = dataPath(table, file.path)
      const local = await blobs.localFile(path)
      if (local === undefined) throw new Error(`Cannot read ${path}: the log of ${table} names it and it is gone`)
      return { file, local }
    })
    yield* await Promise.all(some)
  }
}

/** Files of one partition: a column that a file was written before is null in it. */
function parquet(files: readonly string[], stored: readonly Field[]): string {
  const schema = stored.map(
    ({ name, type }) =>
      `${literal(name)}: {name: ${literal(name)}, type: ${literal(duckDbType(type))}, default_value: null}`,
  )
  return `read_parquet([${files.map(literal).join(', ')}], schema = map {${schema.join(', ')}})`
}
