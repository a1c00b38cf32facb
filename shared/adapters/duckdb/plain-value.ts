import {
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  type DuckDBValue,
  type DuckDBVector,
} from '@duckdb/node-api'

/** A value as JSON could hold it; see `SqlSession.rows`. */
export function plainValue(value: DuckDBValue): unknown {
  if (typeof value === 'bigint') return plainWhole(value)
  if (value === null || typeof value !== 'object') return value
  if (value instanceof DuckDBTimestampTZValue || value instanceof DuckDBTimestampValue) return isoTime(value.micros)
  if (value instanceof DuckDBDateValue) return new Date(value.days * 86_400_000).toISOString().slice(0, 10)
  if (value instanceof DuckDBDecimalValue) return value.toString()
  if (value instanceof DuckDBListValue) return value.items.map(plainValue)
  if (value instanceof DuckDBStructValue) {
    return Object.fromEntries(Object.entries(value.entries).map(([name, entry]) => [name, plainValue(entry)]))
  }
  if (value instanceof DuckDBMapValue) {
    return Object.fromEntries(
      value.entries.map(({ key, value: entry }) => [String(plainValue(key)), plainValue(entry)]),
    )
  }
  if (value instanceof DuckDBBlobValue) return Buffer.from(value.bytes).toString('hex')
  return String(value)
}

/** A column of a chunk as values of its own: the chunk's memory is freed after it. */
export function plainColumn(vector: DuckDBVector, rows: number): ArrayLike<unknown> {
  const numbers = numbersOf(vector)
  if (numbers && isComplete(vector, rows)) return numbers.slice(0, rows)
  const plain = Array.from({ length: rows }, (_, row) => plainValue(vector.getItem(row) as DuckDBValue))
  return plain.every(value => typeof value === 'number') ? Float64Array.from(plain) : plain
}

type Numbers = Exclude<NodeJS.TypedArray, BigInt64Array | BigUint64Array>

/** The memory of a column of numbers as wide as JavaScript has them; times and dates lie in such memory, too. */
function numbersOf(vector: DuckDBVector): Numbers | undefined {
  const items: unknown = 'items' in vector ? vector.items : undefined
  const isOfNumbers = ArrayBuffer.isView(items) && typeof vector.getItem(0) === 'number'
  return isOfNumbers ? (items as Numbers) : undefined
}

function isComplete(vector: DuckDBVector, rows: number): boolean {
  for (let row = 0; row < rows; row++) if (vector.getItem(row) === null) return false
  return true
}

function plainWhole(value: bigint): number | string {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value.toString()
}

/** ISO 8601 with milliseconds, and with microseconds where there are any. */
function isoTime(micros: bigint): string {
  const below = ((micros % 1000n) + 1000n) % 1000n
  const text = new Date(Number((micros - below) / 1000n)).toISOString()
  return below === 0n ? text : text.replace('Z', `${below.toString().padStart(3, '0')}Z`)
}
