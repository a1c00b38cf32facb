import { rowsOf } from '../delta/write-table.ts'
import type { InputChange } from './input-changes.ts'
import { isByMonth, monthAfter, monthOf } from './touched-months.ts'

/** Rows that are worth a query of their own: what is added up for them fits into the processor's memory. */
const rowsPerGroup = 250_000

/** Months that follow each other, together as long as they are small. */
export function monthGroups(months: ReadonlySet<string>, changes: readonly InputChange[]): string[][] {
  const rows = new Map<string, number>()
  for (const change of changes.filter(isByMonth)) {
    for (const file of change.snapshot?.files.values() ?? []) {
      const month = monthOf(file)
      rows.set(month, (rows.get(month) ?? 0) + rowsOf(file))
    }
  }
  const groups: string[][] = []
  let room = 0
  for (const month of [...months].sort()) {
    const size = rows.get(month) ?? 0
    if (groups.length === 0 || size > room) {
      groups.push([])
      room = rowsPerGroup
    }
    groups.at(-1)?.push(month)
    room -= size
  }
  return groups
}

/** Every month that the files of inputs by month can make rows for. */
export function monthsOfFiles(changes: readonly InputChange[]): Set<string> {
  const months = new Set<string>()
  for (const change of changes.filter(isByMonth)) {
    const [first, last] = change.input.reach ?? [0, 0]
    for (const month of new Set([...(change.snapshot?.files.values() ?? [])].map(monthOf))) {
      for (let offset = -last; offset <= -first; offset++) months.add(monthAfter(month, offset))
    }
  }
  return months
}
