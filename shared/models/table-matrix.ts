import { type Csr, csrFromTriples } from '../algorithms/csr.ts'
import { addEvent, cellStrength, emptyCell, type FeedbackCell } from '../training/feedback-cell.ts'
import type { StrengthOptions } from '../training/strength.ts'
import { type InteractionTable, lastMoment } from './interaction-table.ts'

/**
 * The user-item matrix of a table, shape (users, items). Where the table has event types a cell is the shop's own
 * feedback strength as of the table's last moment; where it has none, the number of the pair's rows.
 */
export function tableMatrix(
  table: InteractionTable,
  shape: { users: number; items: number },
  options: StrengthOptions,
): Csr {
  const { userOf, itemOf, typeOf } = table
  if (typeOf.length === 0) {
    const ones = new Uint8Array(userOf.length).fill(1)
    return csrFromTriples({ rows: shape.users, columns: shape.items, rowOf: userOf, columnOf: itemOf, valueOf: ones })
  }
  const cells = new Map<number, FeedbackCell>()
  for (let row = 0; row < userOf.length; row++) addRow(cells, table, row, shape.items)
  const until = lastMoment(table)
  const strengths = [...cells.values()].map(cell => cellStrength(cell, until, options))
  const keys = [...cells.keys()]
  // A cell without strength, as of a thumb down, says nothing a model could learn from.
  const told = keys.map((_, cell) => cell).filter(cell => strengths[cell]! > 0)
  return csrFromTriples({
    rows: shape.users,
    columns: shape.items,
    rowOf: told.map(cell => Math.floor(keys[cell]! / shape.items)),
    columnOf: told.map(cell => keys[cell]! % shape.items),
    valueOf: told.map(cell => strengths[cell]!),
  })
}

function addRow(cells: Map<number, FeedbackCell>, table: InteractionTable, row: number, items: number): void {
  const key = table.userOf[row]! * items + table.itemOf[row]!
  const cell = cells.get(key) ?? emptyCell()
  addEvent(cell, { type: table.typeOf[row]!, at: table.atOf[row] ?? 0, value: table.valueOf[row] ?? 0 })
  cells.set(key, cell)
}
