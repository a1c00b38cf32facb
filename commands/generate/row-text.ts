import type { Fault } from './faults.ts'

export type TextFormat = 'csv' | 'jsonl'

/**
 * The lines that a row takes in a file, line ends included: one, or two for a copy. With a fault it is broken as the fault
 * says; the line is bytes where it is no UTF-8.
 */
export function rowText(
  row: Readonly<Record<string, unknown>>,
  format: TextFormat,
  fault?: Fault,
): string | Uint8Array {
  if (fault === undefined) return lineOf(row, format)
  if (fault.type === 'value') return lineOf({ ...row, [fault.column]: fault.value }, format)
  const line = lineOf(row, format)
  switch (fault.kind) {
    case 'duplicate_row':
      return `${line}${line}`
    case 'truncated_row':
      return `${line.slice(0, cutAt(line, format))}\n`
    case 'extra_values':
      return lineOf({ ...row, unexpected: 'x', second: 'y' }, format)
    case 'bad_encoding':
      return undecodable(line)
  }
}

function lineOf(row: Readonly<Record<string, unknown>>, format: TextFormat): string {
  if (format === 'jsonl') return `${JSON.stringify(row)}\n`
  let line = ''
  for (const name in row) line += `,${cell(row[name])}`
  return `${line.slice(1)}\n`
}

function cell(value: unknown): string {
  if (typeof value === 'number') return String(value)
  const text = Array.isArray(value) ? value.join('|') : String(value)
  return text.includes(',') || text.includes('"') ? `"${text.replaceAll('"', '""')}"` : text
}

/** In the middle, but never so that a CSV row keeps all of its cells or an open quote swallows the next row. */
function cutAt(line: string, format: TextFormat): number {
  const middle = Math.floor(line.length / 2)
  if (format === 'jsonl') return middle
  const end = line.lastIndexOf(',', Math.min(middle, line.includes('"') ? line.indexOf('"') : middle))
  return end > 0 ? end : line.indexOf(',')
}

/** The line with an ü in Latin-1 before its last character. */
function undecodable(line: string): Uint8Array {
  const at = line.length - (line.endsWith('"}\n') ? 3 : 1)
  return Buffer.concat([Buffer.from(line.slice(0, at)), Buffer.of(0xfc), Buffer.from(line.slice(at))])
}
