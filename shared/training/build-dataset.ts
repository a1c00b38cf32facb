import { type Csr, csrFromTriples } from '../algorithms/csr.ts'
import { eventTypes } from '../schemas/interaction.ts'
import { type FeedbackColumns, numbering } from './read-feedback.ts'
import { type Feedback, interactionStrength, type StrengthOptions } from './strength.ts'

/** What models are trained on: rows and columns are numbers, `users` and `items` give their names. */
export interface Dataset {
  users: string[]
  items: string[]
  /** Feedback strengths, shape (users, items). */
  userItems: Csr
  /** What not to recommend: bought or disliked, shape (users, items). */
  exclude: Csr
  /** Purchases as incidence, shape (baskets, items). */
  baskets: Csr
  /** Per user: [item, last second bought, times], newest first. */
  purchases: [item: number, second: number, times: number][][]
  /** Every purchase: its item and its second, for popularity. */
  sales: { item: number[]; at: number[] }
  /** The newest event's second. */
  until: number
  counts: { events: number; duplicates: number; unknownItems: number }
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
  const cells = new Map<number, Map<number, Cell>>()
  const basketRow: number[] = []
  const basketItem: number[] = []
  const sales: Dataset['sales'] = { item: [], at: [] }
  const counts = { events: 0, duplicates: 0, unknownItems: 0 }
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
        counts.unknownItems += 1
        continue
      }
      const user = users.numberOf(part.users[part.user[line] ?? -1] ?? '')
      const item = items.numberOf(itemId)
      const at = part.at[line] ?? 0
      until = Math.max(until, at)
      addEvent(cellOf(cells, user, item), { type: part.type[line] ?? 0, at, value: part.value[line] ?? 0 })
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
    users: users.names,
    items: items.names,
    ...cellMatrices(cells, shape, until, options),
    baskets: csrFromTriples({
      rows: baskets.names.length,
      columns: shape.columns,
      rowOf: basketRow,
      columnOf: basketItem,
      valueOf: new Float32Array(basketRow.length).fill(1),
    }),
    sales,
    until,
    counts,
  }
}

interface Cell extends Feedback {
  counts: Record<keyof Feedback['counts'], number>
  lastBought: number
  disliked: boolean
}

function cellOf(cells: Map<number, Map<number, Cell>>, user: number, item: number): Cell {
  const row = cells.get(user) ?? new Map<number, Cell>()
  cells.set(user, row)
  const cell: Cell = row.get(item) ?? {
    counts: { view: 0, click: 0, add_to_cart: 0, purchase: 0 },
    ...{ rating: 0, lastAt: 0, lastBought: 0, disliked: false },
  }
  row.set(item, cell)
  return cell
}

function addEvent(cell: Cell, event: { type: number; at: number; value: number }): void {
  const type = eventTypes[event.type]
  cell.lastAt = Math.max(cell.lastAt, event.at * 1000)
  switch (type) {
    case undefined:
      throw new RangeError(`Cannot count an event as its type must index eventTypes: current value is ${event.type}`)
    case 'rating':
      cell.rating = Math.max(cell.rating, event.value)
      break
    case 'feedback':
      cell.rating = event.value > 0 ? 5 : cell.rating
      cell.disliked = event.value < 0
      break
    case 'purchase':
      cell.lastBought = Math.max(cell.lastBought, event.at)
      cell.counts.purchase += 1
      break
    default:
      cell.counts[type] += 1
  }
}

function cellMatrices(
  cells: ReadonlyMap<number, ReadonlyMap<number, Cell>>,
  shape: { rows: number; columns: number },
  until: number,
  options: StrengthOptions,
): Pick<Dataset, 'userItems' | 'exclude' | 'purchases'> {
  const strong = { rowOf: [] as number[], columnOf: [] as number[], valueOf: [] as number[] }
  const excluded = { rowOf: [] as number[], columnOf: [] as number[], valueOf: [] as number[] }
  const purchases: Dataset['purchases'] = Array.from({ length: shape.rows }, () => [])
  for (const [user, row] of cells) {
    for (const [item, cell] of row) {
      const strength = cell.disliked ? 0 : interactionStrength(cell, until * 1000, options)
      if (strength > 0) push(strong, user, item, strength)
      if (cell.disliked || cell.counts.purchase > 0) push(excluded, user, item, 1)
      if (cell.counts.purchase > 0) purchases[user]?.push([item, cell.lastBought, cell.counts.purchase])
    }
    purchases[user]?.sort((a, b) => b[1] - a[1] || a[0] - b[0])
  }
  return {
    userItems: csrFromTriples({ ...shape, ...strong }),
    exclude: csrFromTriples({ ...shape, ...excluded }),
    purchases,
  }
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
