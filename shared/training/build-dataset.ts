import { countingOrder } from '../algorithms/counting-order.ts'
import { type Csr, csrFromTriples } from '../algorithms/csr.ts'
import type { NameList } from '../algorithms/name-list.ts'
import { eventTypes } from '../schemas/interaction.ts'
import { addEvent, cellStrength, clearCell, emptyCell } from './feedback-cell.ts'
import type { EventCounts, Events } from './gather-events.ts'
import { purchaseRows } from './purchase-rows.ts'
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
  /** Every purchase: its user, its item and its second. */
  sales: { user: Uint32Array; item: Uint32Array; at: Uint32Array }
  /** Two words a user that change whenever the user's events do, shape (users, 2). */
  digests: Uint32Array
  /** The newest event's second. */
  until: number
  counts: EventCounts
}

/** What each user bought: purchases indptr[user] .. indptr[user + 1] - 1 are the user's, newest first. */
export interface Purchases {
  indptr: Uint32Array
  /** Three numbers a purchase: item, last second bought, times. */
  entries: Uint32Array
}

const purchaseType = eventTypes.indexOf('purchase')

/** Matrices of events: strengths as of the newest event. Memory is 60 bytes an event beside the events' own. */
export function buildDataset(events: Events, options: StrengthOptions): Dataset {
  let until = 0
  for (const second of events.second) if (second > until) until = second
  const { users, items, digests, counts } = events
  return {
    ...{ users, items, digests, until, counts },
    ...cellMatrices(events, until, options),
    ...purchaseMatrices(events),
  }
}

function cellMatrices(
  events: Events,
  until: number,
  options: StrengthOptions,
): Pick<Dataset, 'userItems' | 'exclude' | 'purchases'> {
  const { user, item, second, value } = events
  const [rows, columns] = [events.users.offsets.length - 1, events.items.offsets.length - 1]
  // By user, then item; the events of one cell stay in the order of time.
  const order = countingOrder(user, rows, countingOrder(item, columns))
  const strong = growingRows({ rows, columns, entriesMax: order.length })
  const excluded = growingRows({ rows, columns, entriesMax: order.length })
  const purchases = purchaseRows(rows, order.length)
  const cell = emptyCell()
  for (let place = 0; place < order.length; place++) {
    const event = order[place]!
    const next = order[place + 1]
    const type = eventTypes[events.type[event]!]
    if (type === undefined) {
      const code = events.type[event]
      throw new RangeError(`Cannot count an event as its type must index eventTypes: current value is ${code}`)
    }
    addEvent(cell, { type, at: second[event]! * 1000, value: value[event]! })
    const [row, column] = [user[event]!, item[event]!]
    const isLast = next === undefined || user[next] !== row || item[next] !== column
    if (!isLast) continue
    const strength = cellStrength(cell, until * 1000, options)
    const times = cell.counts.purchase
    if (strength > 0) strong.add(row, column, strength)
    if (cell.disliked || times > 0) excluded.add(row, column, 1)
    if (times > 0) purchases.add(row, { item: column, second: cell.lastBoughtAt / 1000, times })
    clearCell(cell)
  }
  return { userItems: strong.matrix(), exclude: excluded.matrix(), purchases: purchases.purchases() }
}

/** A matrix whose entries come in order of row and column, each once. */
function growingRows({ rows, columns, entriesMax }: { rows: number; columns: number; entriesMax: number }) {
  const indptr = new Uint32Array(rows + 1)
  const indices = new Uint32Array(entriesMax)
  const values = new Float32Array(entriesMax)
  let entries = 0
  return {
    add: (row: number, column: number, value: number): void => {
      indices[entries] = column
      values[entries] = value
      entries += 1
      indptr[row + 1] = entries
    },
    matrix: (): Csr => {
      for (let row = 0; row < rows; row++) indptr[row + 1] = Math.max(indptr[row]!, indptr[row + 1]!)
      return { rows, columns, indptr, indices: indices.subarray(0, entries), values: values.subarray(0, entries) }
    },
  }
}

function purchaseMatrices({
  user,
  items,
  type,
  basket,
  item,
  second,
  baskets,
}: Events): Pick<Dataset, 'baskets' | 'sales'> {
  let length = 0
  for (const code of type) if (code === purchaseType) length += 1
  const rowOf = new Uint32Array(length)
  const sales = { user: new Uint32Array(length), item: new Uint32Array(length), at: new Uint32Array(length) }
  let sale = 0
  for (let event = 0; event < type.length; event++) {
    if (type[event] !== purchaseType) continue
    rowOf[sale] = basket[event]! - 1
    sales.user[sale] = user[event]!
    sales.item[sale] = item[event]!
    sales.at[sale] = second[event]!
    sale += 1
  }
  const shape = { rows: baskets, columns: items.offsets.length - 1 }
  const ones = new Float32Array(length).fill(1)
  return { baskets: csrFromTriples({ ...shape, rowOf, columnOf: sales.item, valueOf: ones }), sales }
}
