import { type Csr, csrFromTriples } from '../algorithms/csr.ts'
import type { StrengthOptions } from '../training/strength.ts'
import { entriesOf } from './evaluate.ts'
import type { HeldOut } from './hold-out.ts'
import { filterRows, type IdNumbers, type InteractionTable, lastMoment } from './interaction-table.ts'
import type { TrainingSet } from './recommender.ts'
import { tableMatrix } from './table-matrix.ts'

/** Matrices of shape (users, items) under common numbers. */
export interface EvaluationData extends TrainingSet {
  test: Csr
  candidates?: Csr
}

/**
 * The matrices of tables read under the same ids, and the sales of the train table. Every test pair is relevant but those
 * with a thumb down.
 * @throws RangeError naming a user who has test items and no candidates, where candidates are given
 */
export function evaluationData(
  tables: HeldOut & { candidates?: InteractionTable },
  ids: IdNumbers,
  strength: StrengthOptions,
): EvaluationData {
  const shape = { users: ids.users.size, items: ids.items.size }
  const { typeOf, valueOf: values } = tables.test
  const relevant = filterRows(tables.test, row => !(typeOf[row] === 'feedback' && values[row]! < 0))
  const train: TrainingSet = {
    ...{ train: tableMatrix(tables.train, shape, strength), ...salesOf(tables.train) },
    ...(tables.histories ? { histories: tableMatrix(tables.histories, shape, strength) } : {}),
    ...together(tables.train, ids),
  }
  if (tables.train.atOf.length > 0) train.times = timesOf(train.train, tables.train)
  const test = incidence(relevant, shape)
  if (!tables.candidates) return { ...train, test }
  const candidates = incidence(tables.candidates, shape)
  for (const [userId, user] of ids.users) {
    if (entriesOf(test, user).length === 0 || entriesOf(candidates, user).length > 0) continue
    throw new RangeError(`Cannot rank candidates as user ${userId} has test items and no candidates`)
  }
  const wanted = incidence(bothOf(tables.candidates, relevant), shape)
  return { ...train, test, candidates, wanted }
}

function bothOf(one: InteractionTable, other: InteractionTable): Pick<InteractionTable, 'userOf' | 'itemOf'> {
  return { userOf: [...one.userOf, ...other.userOf], itemOf: [...one.itemOf, ...other.itemOf] }
}

function salesOf(table: InteractionTable): Pick<TrainingSet, 'sales' | 'until'> {
  const { userOf, itemOf, atOf } = filterRows(table, row => (table.typeOf[row] ?? 'purchase') === 'purchase')
  const at = userOf.map((_, row) => Math.floor((atOf[row] ?? 0) / 1000))
  return {
    sales: { user: userOf, item: itemOf, at },
    until: table.atOf.length === 0 ? undefined : Math.floor(lastMoment(table) / 1000),
  }
}

/** When each entry of the matrix was last added to. */
function timesOf({ indptr, indices, columns }: Csr, { userOf, itemOf, atOf }: InteractionTable): Uint32Array {
  const latest = new Map<number, number>()
  for (let row = 0; row < userOf.length; row++) {
    const cell = userOf[row]! * columns + itemOf[row]!
    latest.set(cell, Math.max(latest.get(cell) ?? 0, atOf[row]!))
  }
  const times = new Uint32Array(indices.length)
  for (let user = 0; user + 1 < indptr.length; user++) {
    for (let entry = indptr[user]!; entry < indptr[user + 1]!; entry++) {
      times[entry] = Math.floor((latest.get(user * columns + indices[entry]!) ?? 0) / 1000)
    }
  }
  return times
}

/** What was bought in one order and what one user looked at. */
function together(table: InteractionTable, ids: IdNumbers): Pick<TrainingSet, 'baskets' | 'views'> {
  const bought = filterRows(table, row => (table.typeOf[row] ?? 'purchase') === 'purchase')
  const viewed = filterRows(table, row => table.typeOf[row] === 'view' || table.typeOf[row] === 'click')
  const items = ids.items.size
  return {
    ...(bought.orderOf.length > 0
      ? { baskets: incidence({ ...bought, userOf: bought.orderOf }, { users: ids.orders.size, items }) }
      : {}),
    ...(viewed.userOf.length > 0 ? { views: incidence(viewed, { users: ids.users.size, items }) } : {}),
  }
}

function incidence(
  { userOf, itemOf }: Pick<InteractionTable, 'userOf' | 'itemOf'>,
  { users, items }: { users: number; items: number },
): Csr {
  const ones = new Uint8Array(userOf.length).fill(1)
  return csrFromTriples({ rows: users, columns: items, rowOf: userOf, columnOf: itemOf, valueOf: ones })
}
