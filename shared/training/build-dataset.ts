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
  /** The second of the last event of each entry of `userItems`. */
  times: Uint32Array
  /** What not to recommend: bought or disliked, shape (users, items). */
  exclude: Csr
  /** Purchases as incidence, shape (baskets, items). */
  baskets: Csr
  purchases: Purchases
  /** Every purchase. */
  sales: Moments
  /** Every view, click and addition to a cart. */
  views: Moments
  /** Two words a user that change whenever the user's events do, shape (users, 2). */
  digests: Uint32Array
  /** The newest event's second. */
  until: number
  counts: EventCounts
}

/** Who did something with which item, and in which second; in the order of time. */
export interface Moments {
  user: Uint32Array
  item: Uint32Array
  at: Uint32Array
}

/** What each user bought: purchases indptr[user] .. indptr[user + 1] - 1 are the user's, newest first. */
export interface Purchases {
  indptr: Uint32Array
  /** Four numbers a purchase: item, last second bought, times, first second bought. */
  entries: Uint32Array
}

const purchaseType = eventTypes.indexOf('purchase')
const viewTypes = new Set((['view', 'click', 'add_to_cart'] as const).map(type => eventTypes.indexOf(type)))

/** Matrices of events: strengths as of the newest event. Memory is 68 bytes an event beside the events' own. */
export function buildDataset(events: Events, options: StrengthOptions): Dataset {
  let until = 0
  for (const second of events.second) if (second > until) until = second
  const { users, items, digests, counts } = events
  return {
    ...{ users, items, digests, until, counts },
    ...cellMatrices(events, until, options),
    ...purchaseMatrices(events),
    views: momentsOf(events, type => viewTypes.has(type)),
  }
}

function cellMatrices(
  events: Events,
  until: number,
  options: StrengthOptions,
): Pick<Dataset, 'userItems' | 'times' | 'exclude' | 'purchases'> {
  const { user, item, second, value } = events
  const [rows, columns] = [events.users.offsets.length - 1, events.items.offsets.length - 1]
  // By user, then item; the events of one cell stay in the order of time.
  const order = countingOrder(user, rows, countingOrder(item, columns))
  const strong = growingRows({ rows, columns, entriesMax: order.length })
  const excluded = growingRows({ rows, columns, entriesMax: order.length })
  const purchases = purchaseRows(rows, order.length)
  const times = new Uint32Array(order.length)
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
    const bought = cell.counts.purchase
    if (strength > 0) times[strong.add(row, column, strength)] = cell.lastAt / 1000
    if (cell.disliked || bought > 0) excluded.add(row, column, 1)
    if (bought > 0) {
      const [first, last] = [cell.firstBoughtAt / 1000, cell.lastBoughtAt / 1000]
      purchases.add(row, { item: column, second: last, times: bought, first })
    }
    clearCell(cell)
  }
  const userItems = strong.matrix()
  return {
    ...{ userItems, times: times.subarray(0, userItems.indices.length) },
    ...{ exclude: excluded.matrix(), purchases: purchases.purchases() },
  }
}

/** A matrix whose entries come in order of row and column, each once. */
function growingRows({ rows, columns, entriesMax }: { rows: number; columns: number; entriesMax: number }) {
  const indptr = new Uint32Array(rows + 1)
  const indices = new Uint32Array(entriesMax)
  const values = new Float32Array(entriesMax)
  let entries = 0
  return {
    /** Gives the entry's place. */
    add: (row: number, column: number, value: number): number => {
      indices[entries] = column
      values[entries] = value
      entries += 1
      indptr[row + 1] = entries
      return entries - 1
    },
    matrix: (): Csr => {
      for (let row = 0; row < rows; row++) indptr[row + 1] = Math.max(indptr[row]!, indptr[row + 1]!)
      return { rows, columns, indptr, indices: indices.subarray(0, entries), values: values.subarray(0, entries) }
    },
  }
}

function purchaseMatrices(events: Events): Pick<Dataset, 'baskets' | 'sales'> {
  const { items, type, basket, baskets } = events
  const sales = momentsOf(events, code => code === purchaseType)
  const rowOf = new Uint32Array(sales.item.length)
  let sale = 0
  for (let event = 0; event < type.length; event++) {
    if (type[event] !== purchaseType) continue
    rowOf[sale] = basket[event]! - 1
    sale += 1
  }
  const shape = { rows: baskets, columns: items.offsets.length - 1 }
  const ones = new Float32Array(sale).fill(1)
  return { baskets: csrFromTriples({ ...shape, rowOf, columnOf: sales.item, valueOf: ones }), sales }
}

function momentsOf({ user, item, second, type }: Events, isOfType: (type: number) => boolean): Moments {
  let length = 0
  for (const code of type) if (isOfType(code)) length += 1
  const moments = { user: new Uint32Array(length), item: new Uint32Array(length), at: new Uint32Array(length) }
  let next = 0
  for (let event = 0; event < type.length; event++) {
    if (!isOfType(type[event]!)) continue
    moments.user[next] = user[event]!
    moments.item[next] = item[event]!
    moments.at[next] = second[event]!
    next += 1
  }
  return moments
}
