import { type Add, Statistics } from './actions.ts'
import type { Field } from './table-schema.ts'

/** Rows that matter: those whose column lies from `min` to `max`, both included; dates and times as ISO 8601. */
export interface ColumnRange {
  column: string
  min?: number | string
  max?: number | string
}

/**
 * Whether a file may hold a row within all the ranges, by its partition and its statistics: false only when it surely
 * holds none. A row whose column is null is in no range.
 * @throws RangeError when a range names a column that the table has not
 */
export function mayHold(file: Add, ranges: readonly ColumnRange[], fields: readonly Field[]): boolean {
  if (ranges.length === 0) return true
  const stats = typeof file.stats === 'string' ? Statistics.parse(JSON.parse(file.stats)) : undefined
  return ranges.every(range => {
    const field = fields.find(({ name }) => name === range.column)
    if (!field) throw new RangeError(`Cannot look for ${range.column}: the table has no such column`)
    const partition = file.partitionValues[range.column]
    if (partition !== undefined) {
      return partition !== null && partition !== '' && overlaps(range, [partition, partition], field)
    }
    if (!stats) return true
    const { numRecords, nullCount, minValues, maxValues } = stats
    if (nullCount?.[range.column] === numRecords) return false
    return overlaps(range, [minValues?.[range.column], maxValues?.[range.column]], field)
  })
}

function overlaps(range: ColumnRange, [least, most]: readonly [unknown, unknown], { type }: Field): boolean {
  const [low, high] = [comparable(range.min, type), comparable(range.max, type)]
  const [from, to] = [comparable(least, type), comparable(most, type)]
  // Others cut times to milliseconds, also where that moves a bound inwards.
  const slack = type === 'timestamp' || type === 'timestamp_ntz' ? 1 : 0
  if (low !== undefined && to !== undefined && isBelow(shifted(to, slack), low)) return false
  return !(high !== undefined && from !== undefined && isBelow(high, from))
}

const numeric = new Set(['long', 'integer', 'short', 'byte', 'double', 'float'])

/** What can be compared: numbers, and text by its bytes; undefined where nothing is known. */
function comparable(value: unknown, type: unknown): number | Buffer | undefined {
  if (value === undefined || value === null || typeof type !== 'string') return undefined
  if (numeric.has(type) || type.startsWith('decimal')) return known(Number(value))
  if (type === 'date' || type.startsWith('timestamp')) return known(Date.parse(utc(String(value))))
  return type === 'string' ? Buffer.from(String(value)) : undefined
}

const known = (value: number): number | undefined => (Number.isNaN(value) ? undefined : value)
/** A time without a zone is one of UTC. */
const utc = (text: string): string => (/(Z|[+-]\d\d(:?\d\d)?)$/.test(text) ? text : `${text}Z`)

const shifted = (value: number | Buffer, by: number): number | Buffer =>
  typeof value === 'number' ? value + by : value

const isBelow = (one: number | Buffer, other: number | Buffer): boolean =>
  typeof one === 'number' || typeof other === 'number' ? one < other : Buffer.compare(one, other) < 0
