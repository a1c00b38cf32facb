import { type Csr, csrFromTriples } from '../algorithms/csr.ts'
import { type Feedback, interactionStrength, type StrengthOptions } from '../training/strength.ts'
import type { InteractionTable } from './interaction-table.ts'

const latest = (times: number[]) => times.reduce((a, b) => Math.max(a, b), 0)

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
  const cells = new Map<number, Cell>()
  for (let row = 0; row < userOf.length; row++) addRow(cells, table, row, shape.items)
  const until = latest(table.atOf)
  const strengths = [...cells.values()].map(cell => interactionStrength(cell, until, options))
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

interface Cell extends Feedback {
  counts: { view: number; click: number; add_to_cart: number; purchase: number }
}

function addRow(cells: Map<number, Cell>, table: InteractionTable, row: number, items: number): void {
  const key = table.userOf[row]! * items + table.itemOf[row]!
  const cell = cells.get(key) ?? { counts: { view: 0, click: 0, add_to_cart: 0, purchase: 0 }, rating: 0, lastAt: 0 }
  const type = table.typeOf[row]!
  const value = table.valueOf[row] ?? 0
  if (type === 'rating') cell.rating = Math.max(cell.rating, value)
  else if (type === 'feedback') cell.rating = value > 0 ? 5 : cell.rating
  else cell.counts[type] += 1
  cell.lastAt = Math.max(cell.lastAt, table.atOf[row] ?? 0)
  cells.set(key, cell)
}
