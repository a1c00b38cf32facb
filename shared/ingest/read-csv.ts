import { type CsvError, parse } from 'csv-parse'
import { z } from 'zod'

interface RowError {
  /** As a spreadsheet numbers it: the header is row 1. */
  row: number
  column: string
  value: unknown
  reason: string
}

/** A file whose header does not fit: nothing of it can be read. */
export class HeaderError extends Error {
  override readonly name = 'HeaderError'
}

export interface CsvRows<Row> {
  good: { row: number; raw: Record<string, string>; value: Row }[]
  bad: (RowError & { raw: unknown })[]
}

export interface CsvFormat<Schema extends z.ZodType> {
  row: Schema
  aliases: Readonly<Record<string, string>>
  required: readonly string[]
}

const Parsed = z.object({ info: z.object({ lines: z.number() }), record: z.record(z.string(), z.string()) })

/**
 * The rows of a CSV file with a header, in parts of `partRows`: what does not fit the schema is returned beside the rest
 * with row, column, value and reason. Comma or semicolon or tab, quotes as in RFC 4180, a byte order mark is skipped.
 * @throws HeaderError when the header lacks a required column, naming every one
 */
export async function* readCsv<Schema extends z.ZodType>(
  bytes: Uint8Array,
  format: CsvFormat<Schema>,
  { partRows }: { partRows: number },
): AsyncIterable<CsvRows<z.output<Schema>>> {
  let part: CsvRows<z.output<Schema>> = { good: [], bad: [] }
  const skipped: CsvRows<never>['bad'] = []
  const rows = parse(Buffer.from(bytes), {
    columns: (header: string[]) => checkedHeader(header, format),
    delimiter: [',', ';', '\t'],
    bom: true,
    info: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    on_skip: error => void skipped.push(malformed(error)),
  })
  for await (const raw of rows) {
    const { info, record } = Parsed.parse(raw)
    const parsed = format.row.safeParse(record)
    if (parsed.success) part.good.push({ row: info.lines, raw: record, value: parsed.data })
    else part.bad.push(...rowErrors(parsed.error, record).map(error => ({ row: info.lines, ...error, raw: record })))
    if (part.good.length + part.bad.length < partRows) continue
    part.bad.push(...skipped.splice(0))
    yield part
    part = { good: [], bad: [] }
  }
  part.bad.push(...skipped)
  if (part.good.length + part.bad.length > 0) yield part
}

function checkedHeader(header: string[], { aliases, required }: CsvFormat<z.ZodType>): string[] {
  const columns = header.map(name => {
    const lower = name.trim().toLowerCase()
    return header.includes(aliases[lower] ?? lower) ? lower : (aliases[lower] ?? lower)
  })
  const missing = required.filter(name => !columns.includes(name))
  if (missing.length === 0) return columns
  throw new HeaderError(`The header lacks the column ${missing.join(', ')}: it has ${header.join(', ')}`)
}

/** One finding a row, the first: the row is refused as a whole. */
function rowErrors(error: z.ZodError, record: Record<string, string>): Omit<RowError, 'row'>[] {
  return error.issues.slice(0, 1).map(issue => {
    const column = issue.path.join('.')
    return { column, value: record[column] ?? null, reason: issue.message }
  })
}

function malformed(error: CsvError | undefined): CsvRows<never>['bad'][number] {
  const row = typeof error?.lines === 'number' ? error.lines : 0
  const record: unknown = error?.record
  return { row, column: '(row)', value: null, reason: error?.message ?? 'cannot be read', raw: record ?? null }
}
