import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { parse } from 'csv-parse/sync'

/** A file as it stands: every cell is text, rows may be short or long. */
export type CsvTable = { file: string; header: string[]; rows: string[][] }

/** A value that cannot be used, at the row a spreadsheet would show: the header is row 1. */
export type CsvFault = { file: string; row: number; column: string; value: string; reason: string }

/** The cells of one row by column, each checked as it is taken. */
export type Cells = {
  text(column: string): string
  positive(column: string): number
  instant(column: string): string
}

/**
 * Reads a CSV file with a header line, which must name all `columns`.
 * @throws Error that names the missing file or column
 */
export async function readCsvTable(path: string, columns: readonly string[]): Promise<CsvTable> {
  const file = basename(path)
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new Error(`Cannot read ${file}: the data directory must hold it`, { cause })
  })
  const [header = [], ...rows]: string[][] = parse(text, { bom: true, relaxColumnCount: true, skipEmptyLines: false })
  const missing = columns.filter(column => !header.includes(column))
  if (missing.length > 0) {
    throw new Error(`Cannot use ${file} without the column ${missing.join(', ')}: its header is "${header.join(',')}"`)
  }
  return { file, header, rows }
}

/** Builds a value of every row whose cells are all sound; the other rows are told by their faults. */
export function parseRows<Value>(
  { file, header, rows }: CsvTable,
  build: (cells: Cells) => Value,
): { values: Value[]; faults: CsvFault[] } {
  const positions = new Map(header.map((column, position) => [column, position]))
  const values: Value[] = []
  const faults: CsvFault[] = []
  for (const [index, row] of rows.entries()) {
    if (row.length === 1 && row[0] === '') continue
    const before = faults.length
    const take = (column: string) => row[positions.get(column) ?? -1]?.trim() ?? ''
    const fault = (column: string, reason: string) =>
      void faults.push({ file, row: index + 2, column, value: take(column), reason })
    const value = build({
      text: column => {
        if (take(column) === '') fault(column, 'must not be empty')
        return take(column)
      },
      positive: column => {
        const number = Number(take(column))
        if (!(number > 0 && Number.isFinite(number))) fault(column, 'must be a number above 0')
        return number
      },
      instant: column => {
        if (!isInstant(take(column))) fault(column, 'must be an ISO 8601 time with a zone, like 2011-12-09T12:50:00Z')
        return take(column)
      },
    })
    if (faults.length === before) values.push(value)
  }
  return { values, faults }
}

/** Tells whether a text is a date with time and zone, the only kind that means the same moment on every machine. */
export function isInstant(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}.*(Z|[+-]\d{2}:\d{2})$/.test(text) && !Number.isNaN(Date.parse(text))
}
