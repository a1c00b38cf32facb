import type { EventType } from '../schemas/interaction.ts'

/** Interactions in columns, one entry a row; users and items are numbers. */
export interface InteractionTable {
  userOf: number[]
  itemOf: number[]
  /** As the event contract names them; empty when the file does not tell. */
  typeOf: EventType[]
  /** The value of a rating or of feedback, 0 where there is none; empty when the file does not tell. */
  valueOf: number[]
  /** Milliseconds since 1970; empty when the file does not tell. */
  atOf: number[]
  /** The order that a purchase belongs to, by its number; empty when the file does not tell. */
  orderOf: number[]
}

/** The numbers of the ids of several files, from 0 in order of appearance. */
export interface IdNumbers {
  users: Map<string, number>
  items: Map<string, number>
  orders: Map<string, number>
}

/** What is wrong with a row. */
export interface RowProblem {
  column: string
  value: string
  reason: string
}

/** Adds one line of a file, numbered from 1, to the table, or says what is wrong with it. */
export type RowReader = (
  line: string,
  into: { row: number; table: InteractionTable; ids: IdNumbers },
) => RowProblem | undefined

export function emptyTable(): InteractionTable {
  return { userOf: [], itemOf: [], typeOf: [], valueOf: [], atOf: [], orderOf: [] }
}

export function noIds(): IdNumbers {
  return { users: new Map(), items: new Map(), orders: new Map() }
}

/** Adds a pair under its numbers; the other columns are the caller's. */
export function addPair({ table, ids }: { table: InteractionTable; ids: IdNumbers }, userId: string, itemId: string) {
  table.userOf.push(numberOf(ids.users, userId))
  table.itemOf.push(numberOf(ids.items, itemId))
}

/** The rows of a table that a predicate keeps, in order. */
export function filterRows(table: InteractionTable, isKept: (row: number) => boolean): InteractionTable {
  const kept = <Value>(column: Value[]) => column.filter((_, row) => isKept(row))
  return {
    userOf: kept(table.userOf),
    itemOf: kept(table.itemOf),
    typeOf: kept(table.typeOf),
    valueOf: kept(table.valueOf),
    atOf: kept(table.atOf),
    orderOf: kept(table.orderOf),
  }
}

/** The latest row's time, ms since 1970; 0 when the table does not tell times. */
export function lastMoment({ atOf }: InteractionTable): number {
  return atOf.reduce((latest, at) => Math.max(latest, at), 0)
}

/** The number of an id: the next one for an id that has none yet. */
export function numberOf(numbers: Map<string, number>, id: string): number {
  const known = numbers.get(id)
  if (known !== undefined) return known
  numbers.set(id, numbers.size)
  return numbers.size - 1
}
