import type { ExportedList } from '../schemas/export.ts'

/** The columns of an exported CSV file, in order: a row an item. */
const csvColumns = [
  ...(['user_id', 'position', 'item_id', 'name', 'category', 'price', 'score'] as const),
  ...(['reason_code', 'reason', 'recommendation_id', 'model_version'] as const),
] as const

/** Lists as JSON lines, one a user. */
export function ndjsonOf(lists: readonly ExportedList[]): string {
  return lists.map(list => `${JSON.stringify(list)}\n`).join('')
}

/** Lists as CSV with a header, by RFC 4180 but for `\n` line ends; positions count from 1. */
export function csvOf(lists: readonly ExportedList[]): string {
  const rows = lists.flatMap(({ user_id, items, recommendation_id, model_version }) =>
    items.map(({ item_id, name, category, price, score, reason }, index) => [
      ...[user_id, index + 1, item_id, name, category, price, score],
      ...[reason.code, reason.text, recommendation_id, model_version ?? ''],
    ]),
  )
  return [csvColumns, ...rows].map(row => `${row.map(cell).join(',')}\n`).join('')
}

function cell(value: string | number): string {
  const text = String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
