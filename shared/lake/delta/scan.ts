import type { Add } from './actions.ts'
import type { DeltaPorts, Snapshot } from './snapshot.ts'
import { duckDbType, literal, quoted, tableSchema } from './table-schema.ts'

/** Which of a snapshot's files to read: all of them without a filter. */
export type FileFilter = (file: Add) => boolean

/**
 * A query of the snapshot's rows, to stand in SQL as `(…)`: columns as the log has them, in its order. Files are fetched
 * where the engine can read them.
 */
export async function scan(
  snapshot: Snapshot,
  { blobs }: Pick<DeltaPorts, 'blobs'>,
  filter: FileFilter = () => true,
): Promise<string> {
  const fields = tableSchema(snapshot.metadata)
  const partitioned = new Set(snapshot.metadata.partitionColumns)
  const stored = fields.filter(({ name }) => !partitioned.has(name))
  const groups = new Map<string, { values: Add['partitionValues']; files: string[] }>()
  for (const file of [...snapshot.files.values()].filter(filter)) {
    const path = `${snapshot.path}/${decodeURI(file.path)}`
    const local = await blobs.localFile(path)
    if (local === undefined) throw new Error(`Cannot read ${path}: the log of ${snapshot.path} names it and it is gone`)
    const key = JSON.stringify(file.partitionValues)
    const group = groups.get(key) ?? { values: file.partitionValues, files: [] }
    group.files.push(local)
    groups.set(key, group)
  }
  if (groups.size === 0) {
    return `select ${fields.map(({ name, type }) => `null::${duckDbType(type)} as ${quoted(name)}`).join(', ')} where false`
  }
  const parts = [...groups.values()].map(({ values, files }) => {
    const columns = fields.map(({ name, type }) =>
      partitioned.has(name) ? `${literal(values[name] ?? null)}::${duckDbType(type)} as ${quoted(name)}` : quoted(name),
    )
    return `select ${columns.join(', ')} from ${parquet(files, stored)}`
  })
  return parts.join(' union all ')
}

/** Files of one partition: a column that a file was written before is null in it. */
function parquet(files: readonly string[], stored: readonly { name: string; type: unknown }[]): string {
  const schema = stored.map(
    ({ name, type }) =>
      `${literal(name)}: {name: ${literal(name)}, type: ${literal(duckDbType(type))}, default_value: null}`,
  )
  return `read_parquet([${files.map(literal).join(', ')}], schema = map {${schema.join(', ')}})`
}
