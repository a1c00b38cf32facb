import { createReadStream } from 'node:fs'
import { extname } from 'node:path'
import { createInterface } from 'node:readline'
import { parse } from 'csv-parse'
import { uuidOf } from './seeded.ts'

/** A line of the file: an event to send as it is, or why there is none. */
export type ReplayLine = { line: number; event: unknown } | { line: number; fault: string }

type CsvRow = { info: { lines: number }; record: Record<string, string | undefined> }

/**
 * Streams the events of a file: NDJSON in the event contract, or CSV (`.csv`, `.tsv`) with a header that names at least
 * user_id and item_id. The file `-` is NDJSON from standard input. CSV rows get `view` as their type where they have none,
 * the moment of sending where they have no time, and an id that depends on the row and its place, so that a file sent twice
 * counts once.
 * @throws Error when the file cannot be read or its header lacks a column
 */
export function replayEvents(file: string): AsyncIterable<ReplayLine> {
  const extension = extname(file).toLowerCase()
  if (extension === '.csv') return csvEvents(file, ',')
  if (extension === '.tsv') return csvEvents(file, '\t')
  return jsonEvents(file)
}

async function* jsonEvents(file: string): AsyncGenerator<ReplayLine> {
  let line = 0
  const input = file === '-' ? process.stdin : createReadStream(file)
  for await (const text of createInterface({ input, crlfDelay: Infinity })) {
    line += 1
    if (text.trim() !== '') yield jsonLine(text, line)
  }
}

function jsonLine(text: string, line: number): ReplayLine {
  try {
    return { line, event: JSON.parse(text) }
  } catch {
    return { line, fault: 'is not JSON' }
  }
}

async function* csvEvents(file: string, delimiter: string): AsyncGenerator<ReplayLine> {
  const columns = (header: string[]) => {
    const names = header.map(name => (name === 'product_id' ? 'item_id' : name))
    const missing = ['user_id', 'item_id'].filter(name => !names.includes(name))
    if (missing.length === 0) return names
    throw new Error(
      `Cannot replay ${file} without the column ${missing.join(', ')}: its header is "${header.join(delimiter)}"`,
    )
  }
  const rows = createReadStream(file).pipe(
    parse({ columns, delimiter, bom: true, info: true, skipEmptyLines: true, relaxColumnCount: true }),
  )
  for await (const { info, record } of rows as AsyncIterable<CsvRow>) yield csvLine(record, info.lines)
}

function csvLine(record: CsvRow['record'], line: number): ReplayLine {
  const { user_id, item_id, event_type, timestamp, ts = timestamp, session_id, order_id } = record
  const time = ts === undefined || ts === '' ? undefined : isoTime(ts)
  if (time === null)
    return { line, fault: `timestamp must be ISO 8601 or seconds or milliseconds since 1970: it is ${ts}` }
  const event = {
    schema_version: 1,
    event_id: uuidOf(`replay ${line} ${Object.values(record).join(' ')}`),
    user_id,
    item_id,
    event_type: event_type || 'view',
    ts: time,
    session_id: session_id || undefined,
    order_id: order_id || undefined,
    quantity: numberOf(record.quantity),
    value: numberOf(record.value),
  }
  return { line, event }
}

/** Reads a time that may lack a zone (then UTC) or be a count since 1970; `null` when it is none of these. */
function isoTime(text: string): string | null {
  const count = Number(text)
  // Milliseconds passed 10^11 in 1973, seconds will in the year 5138.
  const ms = Number.isFinite(count) ? (count < 1e11 ? 1000 * count : count) : Date.parse(zoned(text))
  return Number.isNaN(ms) || Math.abs(ms) > 8.64e15 ? null : new Date(ms).toISOString()
}

function zoned(text: string): string {
  return /^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(:\d{2}(\.\d+)?)?$/.test(text) ? `${text.replace(' ', 'T')}Z` : text
}

/** Leaves text that is no number to the API, which tells the sender what is wrong with it. */
function numberOf(text: string | undefined): number | string | undefined {
  if (text === undefined || text === '') return undefined
  return Number.isNaN(Number(text)) ? text : Number(text)
}
