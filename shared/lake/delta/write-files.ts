import { z } from 'zod'
import type { SqlSession } from '../../ports.ts'
import type { Add } from './actions.ts'
import type { DeltaPorts } from './snapshot.ts'
import { ColumnStatistics, fileStatistics } from './statistics.ts'
import { duckDbType, type Field, literal, quoted } from './table-schema.ts'

/** Where a file of an unpartitioned table ends, about: small enough to be fetched, large enough to be few. */
const fileBytes = 128 * 1024 * 1024
/** Files on their way into the store at once. */
const concurrent = 4

/**
 * Writes the rows of a query as data files of the table, which nobody sees until they are committed: killed before, it
 * leaves files that `vacuum` finds. Columns are taken by name; a column the query lacks is null. Rows keep their order
 * within a partition. Without rows there are no files.
 * @param of.query its columns have the names of `fields`, of types that can be cast to theirs
 * @param of.dataChange false when the rows are in the table already and are only written anew; true without it
 * @param of.targetBytes where a file ends, about, if it is not split by partition columns
 * @param of.groupRows rows of a row group, which is what a reader skips within a file; DuckDB's 122,880 without it
 * @param of.within the partition that all rows are of, when none of `fields` is a partition column
 * @param of.tags kept with each file in the log
 * @param of.statistics columns that the log tells bounds of, all of them without it
 * @throws RangeError when a partition column's values cannot be written into the log
 */
export async function writeFiles(
  of: {
    table: string
    query: string
    fields: readonly Field[]
    partitionColumns: readonly string[]
    dataChange?: boolean
    targetBytes?: number
    groupRows?: number
    within?: Add['partitionValues']
    tags?: Readonly<Record<string, string>>
    statistics?: ReadonlySet<string>
  },
  session: SqlSession,
  { blobs, clock, uuid }: Pick<DeltaPorts, 'blobs' | 'clock' | 'uuid'>,
): Promise<Add[]> {
  const { table, fields, within = {}, tags, dataChange = true, statistics } = of
  const told = statistics ? fields.filter(({ name }) => statistics.has(name)) : fields
  const id = uuid()
  const written = (await copied(of, id, session)).filter(({ count }) => count > 0)
  const files: Add[] = []
  for (let start = 0; start < written.length; start += concurrent) {
    const some = written.slice(start, start + concurrent).map(async (file, index): Promise<Add> => {
      const values = file.partition_keys ?? within
      const path = `${partitionFolder(values)}part-${String(start + index).padStart(5, '0')}-${id}.parquet`
      await blobs.storeFile(`${table}/${path}`, file.filename)
      return {
        path: encodeURI(path),
        partitionValues: values,
        size: file.file_size_bytes,
        modificationTime: clock(),
        dataChange,
        stats: JSON.stringify(fileStatistics(file.count, file.column_statistics, told)),
        ...(tags === undefined ? {} : { tags }),
      }
    })
    files.push(...(await Promise.all(some)))
  }
  return files
}

/** A file as the engine tells of it once it is written. */
const WrittenFile = z.object({
  filename: z.string(),
  count: z.number(),
  file_size_bytes: z.number(),
  column_statistics: ColumnStatistics,
  partition_keys: z.record(z.string(), z.string().nullable()).nullable(),
})

/** Writes the files into the session's folder. */
async function copied(
  of: {
    query: string
    fields: readonly Field[]
    partitionColumns: readonly string[]
    targetBytes?: number
    groupRows?: number
  },
  id: string,
  session: SqlSession,
): Promise<z.infer<typeof WrittenFile>[]> {
  const { query, fields, partitionColumns, targetBytes = fileBytes, groupRows } = of
  const given = new Set((await session.rows(`describe ${query}`)).map(row => String(row.column_name)))
  const columns = fields.map(field => {
    const type = duckDbType(field.type)
    const value = given.has(field.name) ? `${quoted(field.name)}::${type}` : `null::${type}`
    return `${partitionColumns.includes(field.name) ? partitionValue(value, field) : value} as ${quoted(field.name)}`
  })
  // Level 1 makes such columns as small as 3 does, which it is without being told, a little faster.
  const options = ['format parquet', 'compression zstd', 'compression_level 1', 'return_stats']
  if (groupRows !== undefined) options.push(`row_group_size ${groupRows}`)
  if (partitionColumns.length === 0) options.push(`file_size_bytes ${targetBytes}`)
  else options.push(`partition_by (${partitionColumns.map(quoted).join(', ')})`, `filename_pattern '${id}-{i}'`)
  const rows = await session.rows(
    `copy (select ${columns.join(', ')} from (${query})) to ${literal(`${session.folder}/${id}`)} (${options.join(', ')})`,
  )
  return rows.map(row => WrittenFile.parse(row))
}

const partitionTypes = new Set(['string', 'long', 'integer', 'short', 'byte', 'date', 'boolean'])
const nullFolder = '__HIVE_DEFAULT_PARTITION__'

/** The log has no empty text as a partition's value: readers take it for null, and so does what is written. */
function partitionValue(value: string, { name, type }: Field): string {
  if (type === 'string') return `nullif(nullif(${value}, ''), ${literal(nullFolder)})`
  if (typeof type === 'string' && partitionTypes.has(type)) return value
  throw new RangeError(`Cannot partition by ${name}: its type is ${JSON.stringify(type)}`)
}

function partitionFolder(values: Readonly<Record<string, string | null>>): string {
  // What is no letter, digit or -_.!~*'() is written as its bytes.
  const folders = Object.entries(values).map(
    ([name, value]) => `${encodeURIComponent(name)}=${value === null ? nullFolder : encodeURIComponent(value)}/`,
  )
  return folders.join('')
}
