import type { SqlSession } from '../../ports.ts'
import type { Add, Statistics } from './actions.ts'
import type { DeltaPorts } from './snapshot.ts'
import { duckDbType, type Field, literal, quoted } from './table-schema.ts'

/** Texts are cut to so many characters in statistics. */
const statisticsTextMax = 32

/**
 * Writes the rows of a query as data files of the table, which nobody sees until they are committed. Columns are taken by
 * name; a column the query lacks is null.
 * @param query its columns have the names of `fields`, of types that can be cast to theirs
 */
export async function writeFiles(
  {
    table,
    query,
    fields,
    partitionColumns,
  }: {
    table: string
    query: string
    fields: readonly Field[]
    partitionColumns: readonly string[]
  },
  session: SqlSession,
  { blobs, clock, uuid }: Pick<DeltaPorts, 'blobs' | 'clock' | 'uuid'>,
): Promise<Add[]> {
  const given = new Set((await session.rows(`describe ${query}`)).map(row => String(row.column_name)))
  const columns = fields.map(({ name, type }) => {
    const of = duckDbType(type)
    return given.has(name) ? `${quoted(name)}::${of} as ${quoted(name)}` : `null::${of} as ${quoted(name)}`
  })
  const id = uuid()
  const folder = `${session.folder}/${id}`
  const partitions = partitionColumns.map(quoted).join(', ')
  const target = partitions === '' ? `${folder}.parquet` : folder
  const split = partitions === '' ? '' : `, partition_by (${partitions}), filename_pattern '${id}-{i}'`
  const written = await session.rows(
    `copy (select ${columns.join(', ')} from (${query})) to ${literal(target)} (format parquet, compression zstd, return_stats${split})`,
  )
  const files: Add[] = []
  for (const {
    filename,
    count,
    file_size_bytes: size,
    column_statistics: columnStatistics,
    partition_keys: keys,
  } of written) {
    if (Number(count) === 0) continue
    const values = Object.entries((keys ?? {}) as Record<string, string | null>)
    const folders = values.map(
      ([name, value]) => `${folderText(name)}=${value === null ? nullFolder : folderText(value)}/`,
    )
    const path = `${folders.join('')}part-${String(files.length).padStart(5, '0')}-${id}.parquet`
    await blobs.storeFile(`${table}/${path}`, String(filename))
    files.push({
      path: encodeURI(path),
      partitionValues: Object.fromEntries(values),
      size: Number(size),
      modificationTime: clock(),
      dataChange: true,
      stats: JSON.stringify(statistics(Number(count), columnStatistics as ColumnStatistics, fields)),
    })
  }
  return files
}

const nullFolder = '__HIVE_DEFAULT_PARTITION__'
/** A part of a path: what is no letter, digit or -_.!~*'() is written as its bytes. */
const folderText = encodeURIComponent

type ColumnStatistics = Record<string, { min?: string; max?: string; null_count?: string; has_nan?: string }>

const wholeTypes = new Set(['long', 'integer', 'short', 'byte'])

function statistics(numRecords: number, of: ColumnStatistics, fields: readonly Field[]): Statistics {
  const minValues: Record<string, unknown> = {}
  const maxValues: Record<string, unknown> = {}
  const nullCount: Record<string, unknown> = {}
  for (const { name, type } of fields) {
    const found = of[quoted(name)]
    if (!found || typeof type !== 'string') continue
    if (found.null_count !== undefined) nullCount[name] = Number(found.null_count)
    if (found.min === undefined || found.max === undefined || found.has_nan === 'true') continue
    const [min, max] = [statistic(found.min, type, 'min'), statistic(found.max, type, 'max')]
    if (min === undefined || max === undefined) continue
    minValues[name] = min
    maxValues[name] = max
  }
  return { numRecords, minValues, maxValues, nullCount }
}

/** A bound as JSON has it; undefined where there is none that is safe. */
function statistic(text: string, type: string, bound: 'min' | 'max'): unknown {
  if (wholeTypes.has(type)) return Number.isSafeInteger(Number(text)) ? Number(text) : undefined
  if (type === 'double' || type === 'float' || type.startsWith('decimal')) return Number(text)
  if (type === 'date') return text
  if (type === 'timestamp') return timestampBound(text, bound)
  if (type !== 'string') return undefined
  if (text.length <= statisticsTextMax) return text
  // A cut text is below what it was cut from: as an upper bound it ends with the last character there is.
  return bound === 'min' ? text.slice(0, statisticsTextMax) : `${text.slice(0, statisticsTextMax)}\u{10ffff}`
}

/** Statistics of times have milliseconds: the bound is moved outwards. `2024-01-01 09:00:00.5+00` comes in. */
function timestampBound(text: string, bound: 'min' | 'max'): string | undefined {
  const match = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})(?:\.(\d+))?\+00$/.exec(text)
  if (!match) return undefined
  const digits = (match[3] ?? '').padEnd(6, '0')
  const at = Date.parse(`${match[1]}T${match[2]}.${digits.slice(0, 3)}Z`)
  const isCut = Number(digits.slice(3)) > 0
  return new Date(at + (isCut && bound === 'max' ? 1 : 0)).toISOString()
}
