import { type CsvError, parse } from 'csv-parse'

/** A row that cannot be cut into cells. */
export interface MalformedRow {
  row: number
  column: '(row)'
  value: null
  reason: string
  raw: unknown
}

export interface CsvRecord {
  /** As a spreadsheet numbers it: the header is row 1. */
  row: number
  cells: string[]
}

const recordsAtOnce = 500
const bytesAtOnce = 256 * 1024
const lineEnd = 0x0a
const quote = 0x22

/**
 * The records of a CSV file, the header first, empty lines left out; cells as they stand, unquoted. What separates them is
 * told by the header. Lines before the first quote are cut straight; from there on csv-parse reads. They come by the
 * hundred or more, as to await each costs more than to read it.
 */
export async function* csvRecords(
  bytes: Uint8Array,
  onMalformed: (row: MalformedRow) => void,
): AsyncIterable<CsvRecord[]> {
  const delimiter = delimiterOf(bytes)
  const quoted = bytes.indexOf(quote)
  const plainEnd = quoted < 0 ? bytes.length : bytes.lastIndexOf(lineEnd, quoted) + 1
  let row = 0
  for (const lines of linesOf(bytes.subarray(0, plainEnd))) {
    const records: CsvRecord[] = []
    for (const line of lines) {
      row += 1
      if (line !== '') records.push({ row, cells: line.split(delimiter) })
    }
    yield records
  }
  if (plainEnd === bytes.length) return
  const rest = bytes.subarray(plainEnd)
  const parsing = parse(Buffer.from(rest.buffer, rest.byteOffset, rest.length), {
    delimiter,
    bom: true,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    on_skip: error => void onMalformed(malformed(error, row)),
  })
  const records: CsvRecord[] = []
  for await (const parsed of parsing) {
    const { info, record }: { info: { lines: number }; record: string[] } = parsed
    records.push({ row: row + info.lines, cells: record })
    if (records.length >= recordsAtOnce) yield records.splice(0)
  }
  yield records
}

/** A semicolon in a name of a comma file is part of the name: the header's most frequent separator is the file's. */
function delimiterOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(lineEnd)
  const header = new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end)).replace(/"[^"]*"/g, '')
  const count = (delimiter: string) => header.split(delimiter).length
  return [',', ';', '\t'].reduce((most, delimiter) => (count(delimiter) > count(most) ? delimiter : most))
}

/** Lines without their ends, those of a quarter megabyte at a time; a byte order mark is skipped. */
function* linesOf(bytes: Uint8Array): Iterable<string[]> {
  const decoder = new TextDecoder()
  let begun = ''
  for (let from = 0; from < bytes.length; from += bytesAtOnce) {
    const lines = (begun + decoder.decode(bytes.subarray(from, from + bytesAtOnce), { stream: true })).split('\n')
    begun = lines.pop() ?? ''
    yield lines.map(withoutReturn)
  }
  if (begun !== '') yield [withoutReturn(begun)]
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line
}

function malformed(error: CsvError | undefined, rowsBefore: number): MalformedRow {
  const line = typeof error?.lines === 'number' ? error.lines : 0
  const raw: unknown = error?.record
  const reason = error?.message ?? 'cannot be read'
  return { row: rowsBefore + line, column: '(row)', value: null, reason, raw: raw ?? null }
}
