import { type Csr, csrFromTriples } from '../algorithms/csr.ts'
import { type NameList, nameListOf } from '../algorithms/name-list.ts'
import { type EventType, eventTypes } from '../schemas/interaction.ts'
import { addEvent, cellStrength, emptyCell, type FeedbackCell } from './feedback-cell.ts'
import { type FeedbackColumns, numbering } from './read-feedback.ts'
import type { StrengthOptions } from './strength.ts'

/** What models are trained on: rows and columns are numbers, `users` and `items` give their names. */
export interface Dataset {
  users: NameList
  items: NameList
  /** Feedback strengths, shape (users, items). */
  userItems: Csr
  /** What not to recommend: bought or disliked, shape (users, items). */
  exclude: Csr
  /** Purchases as incidence, shape (baskets, items). */
  baskets: Csr
  purchases: Purchases
  /** Every purchase: its item and its second, for popularity. */
  sales: { item: Uint32Array; at: Uint32Array }
  /** The newest event's second. */
  until: number
  counts: { events: number; duplicates: number; unknown_items: number }
}

/** What each user bought: purchases indptr[user] .. indptr[user + 1] - 1 are the user's, newest first. */
export interface Purchases {
  indptr: Uint32Array
  /** Three numbers a purchase: item, last second bought, times. */
  entries: Uint32Array
}

/** Merges the columns of all chunks, each event once; events with items outside the catalogue are counted, not used. */
export function buildDataset(
  parts: readonly FeedbackColumns[],
  catalogue: ReadonlySet<string>,
  options: StrengthOptions,
): Dataset {
  const users = numbering()
  const items = numbering()
  const baskets = numbering()
  const seen = new Set<number>()
  const cells = new Map<number, Map<number, FeedbackCell>>()
  const basketRow: number[] = []
  const basketItem: number[] = []
  const sales = { item: [] as number[], at: [] as number[] }
  const counts = { events: 0, duplicates: 0, unknown_items: 0 }
  let until = 0
  for (const part of parts) {
    for (const [line, key] of part.key.entries()) {
      counts.events += 1
      const itemId = part.items[part.item[line] ?? -1] ?? ''
      if (seen.has(key)) {
        counts.duplicates += 1
        continue
      }
      seen.add(key)
      if (!catalogue.has(itemId)) {
        counts.unknown_items += 1
        continue
      }
      const user = users.numberOf(part.users[part.user[line] ?? -1] ?? '')
      const item = items.numberOf(itemId)
      const at = part.at[line] ?? 0
      until = Math.max(until, at)
      const type = typeOf(part.type[line])
      addEvent(cellOf(cells, user, item), { type, at: at * 1000, value: part.value[line] ?? 0 })
      const basket = part.baskets[part.basket[line] ?? -1]
      if (basket === undefined) continue
      basketRow.push(baskets.numberOf(basket))
      basketItem.push(item)
      sales.item.push(item)
      sales.at.push(at)
    }
  }
  const shape = { rows: users.names.length, columns: items.names.length }
  return {
    users: nameListOf(users.names),
    items: nameListOf(items.names),
    ...cellMatrices(cells, shape, until, options),
    baskets: csrFromTriples({
      rows: baskets.names.length,
      columns: shape.columns,
      rowOf: basketRow,
      columnOf: basketItem,
      valueOf: new Float32Array(basketRow.length).fill(1),
    }),
    sales: { item: Uint32Array.from(sales.item), at: Uint32Array.from(sales.at) },
    until,
    counts,
  }
}

function typeOf(code: number | undefined): EventType {
  const type = eventTypes[code ?? -1]
  if (type) return type
  throw new RangeError(`Cannot count an event as its type must index eventTypes: current value is ${code}`)
}

function cellOf(cells: Map<number, Map<number, FeedbackCell>>, user: number, item: number): FeedbackCell {
  const row = cells.get(user) ?? new Map<number, FeedbackCell>()
  cells.set(user, row)
  const cell = row.get(item) ?? emptyCell()
  row.set(item, cell)
  return cell
}

function cellMatrices(
  cells: ReadonlyMap<number, ReadonlyMap<number, FeedbackCell>>,
  shape: { rows: number; columns: number },
  until: number,
  options: StrengthOptions,
): Pick<Dataset, 'userItems' | 'exclude' | 'purchases'> {
  const strong = { rowOf: [] as number[], columnOf: [] as number[], valueOf: [] as number[] }
  const excluded = { rowOf: [] as number[], columnOf: [] as number[], valueOf: [] as number[] }
  const purchases: [number, number, number][][] = Array.from({ length: shape.rows }, () => [])
  for (const [user, row] of cells) {
    for (const [item, cell] of row) {
      const strength = cellStrength(cell, until * 1000, options)
      if (strength > 0) push(strong, user, item, strength)
      if (cell.disliked || cell.counts.purchase > 0) push(excluded, user, item, 1)
      if (cell.counts.purchase > 0) purchases[user]?.push([item, cell.lastBoughtAt / 1000, cell.counts.purchase])
    }
    purchases[user]?.sort((a, b) => b[1] - a[1] || a[0] - b[0])
  }
  return {
    userItems: csrFromTriples({ ...shape, ...strong }),
    exclude: csrFromTriples({ ...shape, ...excluded }),
    purchases: purchaseRows(purchases),
  }
}

function purchaseRows(rows: readonly (readonly [item: number, second: number, times: number])[][]): Purchases {
  const indptr = new Uint32Array(rows.length + 1)
  for (const [user, row] of rows.entries()) indptr[user + 1] = indptr[user]! + row.length
  return { indptr, entries: Uint32Array.from(rows.flat(2)) }
}

function push(
  to: { rowOf: number[]; columnOf: number[]; valueOf: number[] },
  row: number,
  column: number,
  value: number,
): void {
  to.rowOf.push(row)
  to.columnOf.push(column)
  to.valueOf.push(value)
}
