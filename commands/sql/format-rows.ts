import type { SqlRow } from '../../shared/ports.ts'

export const formats = ['table', 'csv', 'json'] as const
export type Format = (typeof formats)[number]

/** Of a table on a screen: more rows are counted, not shown. */
const shownMax = 1_000
const cellMax = 60

/** Rows as text: a table for people, CSV as RFC 4180 has it, or JSON. No rows are an empty CSV without a header. */
export function formatRows(rows: readonly SqlRow[], format: Format): string {
  switch (format) {
    case 'table':
      return asTable(rows)
    case 'csv':
      return asCsv(rows)
    case 'json':
      return `[${rows.map(row => `\n  ${JSON.stringify(row)}`).join(',')}\n]`
  }
}

function asTable(rows: readonly SqlRow[]): string {
  const [first] = rows
  if (!first) return '(no rows)'
  const names = Object.keys(first)
  const shown = rows.slice(0, shownMax)
  const cells = shown.map(row => names.map(name => cut(tableText(row[name]))))
  const isNumber = names.map(name => shown.every(row => row[name] === null || typeof row[name] === 'number'))
  const widths = names.map((name, column) => Math.max(...[name, ...cells.map(row => row[column] ?? '')].map(width)))
  const line = (texts: readonly string[]) =>
    texts
      .map((text, column) => padded(text, { width: widths[column] ?? 0, right: isNumber[column] === true }))
      .join('  ')
      .trimEnd()
  const more = rows.length > shownMax ? [`… and ${(rows.length - shownMax).toLocaleString('en')} more rows`] : []
  return [line(names), widths.map(each => '─'.repeat(each)).join('  '), ...cells.map(line), ...more].join('\n')
}

function asCsv(rows: readonly SqlRow[]): string {
  const [first] = rows
  if (!first) return ''
  const names = Object.keys(first)
  const field = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
  return [names, ...rows.map(row => names.map(name => csvText(row[name])))]
    .map(fields => fields.map(field).join(','))
    .join('\n')
}

const csvText = (value: unknown): string => (value === null || value === undefined ? '' : plain(value))
const tableText = (value: unknown): string => {
  if (value === null || value === undefined) return 'null'
  return typeof value === 'number' && !Number.isInteger(value) ? String(Number(value.toPrecision(12))) : plain(value)
}
const plain = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(value) : String(value))

function cut(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ')
  return line.length > cellMax ? `${line.slice(0, cellMax - 1)}…` : line
}

const width = (text: string): number => [...text].length
const padded = (text: string, to: { width: number; right: boolean }): string => {
  const space = ' '.repeat(Math.max(0, to.width - width(text)))
  return to.right ? space + text : text + space
}
