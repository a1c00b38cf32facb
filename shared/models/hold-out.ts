import { type Random, seededRandom } from '../algorithms/random.ts'
import { timeSplit } from './evaluate.ts'
import { filterRows, type InteractionTable } from './interaction-table.ts'

/** How interactions are held out, to be found again. */
export type HoldOut =
  /** The latest share of rows, from one moment on for all users. */
  | { by: 'time'; share: number }
  /** A share of each user's items, by chance; at least one stays. */
  | { by: 'chance'; share: number }
  /** A share of each user's items, the last in the order of the rows; at least one stays. */
  | { by: 'last'; share: number }
  /** One purchased item of each user with two or more, by chance, with all that the user did with it. */
  | { by: 'purchase' }
  /** Rows are of baskets, each a user: of a share of them (the latest, where there are times) what else is in them. */
  | { by: 'basket'; share: number; given: 'one' | 'all-but-one' }

export interface HeldOut {
  train: InteractionTable
  test: InteractionTable
  /** What is known of those that lists are made for, where that is not learned from. */
  histories?: InteractionTable
}

/**
 * Cuts a table in two; the same cut again for the same seed. Whatever is held out leaves no row behind in `train`.
 * @throws RangeError as `timeSplit` does
 */
export function holdOut(table: InteractionTable, how: HoldOut, { seed }: { seed: number }): HeldOut {
  const random = seededRandom(seed)
  switch (how.by) {
    case 'time': {
      const { train, test } = timeSplit(table, { testShare: how.share })
      return { train, test }
    }
    case 'chance':
      return pairsHeld(table, items => drawn(items, heldCount(items.length, how.share, random), random))
    case 'last':
      return pairsHeld(table, items => items.slice(items.length - heldCount(items.length, how.share, random)))
    case 'purchase': {
      const { typeOf } = table
      return pairsHeld(table, (items, rowsOf) => {
        const bought = items.filter(item => rowsOf(item).some(row => (typeOf[row] ?? 'purchase') === 'purchase'))
        return bought.length < 2 ? [] : drawn(bought, 1, random)
      })
    }
    case 'basket':
      return basketsHeld(table, how, random)
  }
}

/** Rounded by chance, so that users of few items count too. */
function heldCount(items: number, share: number, random: Random): number {
  return Math.min(Math.floor(items * share + random()), items - 1)
}

function drawn(items: readonly number[], count: number, random: Random): number[] {
  const left = [...items]
  return Array.from({ length: count }, () => left.splice(Math.floor(random() * left.length), 1)[0]!)
}

/** Holds pairs out: `choose` is told a user's items in the order of their first rows. */
function pairsHeld(
  table: InteractionTable,
  choose: (items: readonly number[], rowsOf: (item: number) => readonly number[]) => readonly number[],
): HeldOut {
  const isHeld = new Uint8Array(table.userOf.length)
  const isTest = new Uint8Array(table.userOf.length)
  for (const rows of rowsByUser(table).values()) {
    const rowsOfItem = new Map<number, number[]>()
    for (const row of rows) {
      const item = table.itemOf[row]!
      const known = rowsOfItem.get(item)
      if (known) known.push(row)
      else rowsOfItem.set(item, [row])
    }
    for (const item of choose([...rowsOfItem.keys()], asked => rowsOfItem.get(asked) ?? [])) {
      for (const row of rowsOfItem.get(item) ?? []) isHeld[row] = 1
      isTest[rowsOfItem.get(item)?.[0] ?? -1] = 1
    }
  }
  return { train: filterRows(table, row => isHeld[row] === 0), test: filterRows(table, row => isTest[row] === 1) }
}

function basketsHeld(table: InteractionTable, how: HoldOut & { by: 'basket' }, random: Random): HeldOut {
  const rowsOf = rowsByUser(table)
  const isTimed = table.atOf.length > 0
  const order = [...rowsOf.keys()].map(basket => ({
    basket,
    key: isTimed ? latestOf(table, rowsOf, basket) : random(),
  }))
  order.sort((a, b) => a.key - b.key || a.basket - b.basket)
  const first = order[Math.floor(order.length * (1 - how.share))]
  const late = order.filter(({ key }) => first !== undefined && key >= first.key)
  // A basket under way at the split belongs to neither side.
  const splitAt = isTimed
    ? late.reduce((least, { basket }) => Math.min(least, earliestOf(table, rowsOf, basket)), Infinity)
    : 0
  const part = new Uint8Array(table.userOf.length)
  const lateBaskets = new Set(late.map(({ basket }) => basket))
  for (const { basket, key } of order) {
    const rows = rowsOf.get(basket) ?? []
    if (!lateBaskets.has(basket)) {
      if (!isTimed || key < splitAt) for (const row of rows) part[row] = 1
      continue
    }
    const items = [...new Set(rows.map(row => table.itemOf[row]!))]
    if (items.length < 2) continue
    const drawnItem = drawn(items, 1, random)[0]
    for (const row of rows) part[row] = (table.itemOf[row] === drawnItem) === (how.given === 'one') ? 2 : 3
  }
  return {
    train: filterRows(table, row => part[row] === 1),
    histories: filterRows(table, row => part[row] === 2),
    test: filterRows(table, row => part[row] === 3),
  }
}

function rowsByUser({ userOf }: InteractionTable): Map<number, number[]> {
  const rowsOf = new Map<number, number[]>()
  for (const [row, user] of userOf.entries()) {
    const rows = rowsOf.get(user)
    if (rows) rows.push(row)
    else rowsOf.set(user, [row])
  }
  return rowsOf
}

function latestOf(table: InteractionTable, rowsOf: ReadonlyMap<number, number[]>, basket: number): number {
  return (rowsOf.get(basket) ?? []).reduce((latest, row) => Math.max(latest, table.atOf[row]!), -Infinity)
}

function earliestOf(table: InteractionTable, rowsOf: ReadonlyMap<number, number[]>, basket: number): number {
  return (rowsOf.get(basket) ?? []).reduce((earliest, row) => Math.min(earliest, table.atOf[row]!), Infinity)
}
