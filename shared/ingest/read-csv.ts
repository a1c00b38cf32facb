import type { z } from 'zod'
import { type CsvRecord, csvRecords } from './csv-records.ts'
import { type RowParser, rowParser } from './row-parser.ts'

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

export interface CsvFormat<Schema extends z.ZodObject> {
  row: Schema
  aliases: Readonly<Record<string, string>>
  required: readonly string[]
}

/**
 * The rows of a CSV file with a header, in parts of `partRows`: what does not fit the schema is returned beside the rest
 * with row, column, value and reason. Comma or semicolon or tab, quotes as in RFC 4180, a byte order mark is skipped.
 * @throws HeaderError when the header lacks a required column, naming every one
 */
export async function* readCsv<Schema extends z.ZodObject>(
  bytes: Uint8Array,
  format: CsvFormat<Schema>,
  { partRows }: { partRows: number },
): AsyncIterable<CsvRows<z.output<Schema>>> {
  let part: CsvRows<z.output<Schema>> = { good: [], bad: [] }
  let columns: string[] | undefined
  const skipped: CsvRows<never>['bad'] = []
  const parse = rowParser(format.row)
  for await (const records of csvRecords(bytes, error => void skipped.push(error))) {
    for (const { row, cells } of records) {
      if (!columns) {
        columns = checkedHeader(cells, format)
        continue
      }
      addRow(part, { row, cells, columns }, parse)
      if (part.good.length + part.bad.length < partRows) continue
      part.bad.push(...skipped.splice(0))
      yield part
      part = { good: [], bad: [] }
    }
  }
  part.bad.push(...skipped)
  if (part.good.length + part.bad.length > 0) yield part
}

function addRow<Row>(
  part: CsvRows<Row>,
  { row, cells, columns }: CsvRecord & { columns: readonly string[] },
  parse: RowParser<Row>,
): void {
  if (cells.length !== columns.length) {
    const reason = `must have ${columns.length} columns as the header, not ${cells.length}`
    part.bad.push({ row, column: '(row)', value: null, reason, raw: cells })
    return
  }
  const raw: Record<string, string> = {}
  for (let index = 0; index < cells.length; index++) raw[columns[index] ?? ''] = cells[index] ?? ''
  const parsed = parse(raw)
  if ('reason' in parsed) part.bad.push({ row, ...parsed, raw })
  else part.good.push({ row, raw, value: parsed.value })
}

function checkedHeader(header: string[], { aliases, required }: CsvFormat<z.ZodObject>): string[] {
  const columns = header.map(name => {
    const lower = name.trim().toLowerCase()
    return header.includes(aliases[lower] ?? lower) ? lower : (aliases[lower] ?? lower)
  })
  const missing = required.filter(name => !columns.includes(name))
  if (missing.length === 0) return columns
  throw new HeaderError(`The header lacks the column ${missing.join(', ')}: it has ${header.join(', ')}`)
}
