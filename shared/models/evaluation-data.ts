import { type Csr, csrFromTriples } from '../algorithms/csr.ts'
import type { StrengthOptions } from '../training/strength.ts'
import { entriesOf } from './evaluate.ts'
import { filterRows, type IdNumbers, type InteractionTable, lastMoment } from './interaction-table.ts'
import type { TrainingSet } from './recommender.ts'
import { tableMatrix } from './table-matrix.ts'

/** Matrices of shape (users, items) under common numbers. */
interface EvaluationData extends TrainingSet {
  test: Csr
  candidates?: Csr
}

/**
 * The matrices of tables read under the same ids, and the sales of the train table. Every test pair is relevant but those
 * with a thumb down.
 * @throws RangeError naming a user who has test items and no candidates, where candidates are given
 */
export function evaluationData(
  tables: { train: InteractionTable; test: InteractionTable; candidates?: InteractionTable },
  ids: IdNumbers,
  strength: StrengthOptions,
): EvaluationData {
  const shape = { users: ids.users.size, items: ids.items.size }
  const { typeOf, valueOf: values } = tables.test
  const relevant = filterRows(tables.test, row => !(typeOf[row] === 'feedback' && values[row]! < 0))
  const train = { train: tableMatrix(tables.train, shape, strength), ...salesOf(tables.train) }
  const test = incidence(relevant, shape)
  if (!tables.candidates) return { ...train, test }
  const candidates = incidence(tables.candidates, shape)
  for (const [userId, user] of ids.users) {
    if (entriesOf(test, user).length === 0 || entriesOf(candidates, user).length > 0) continue
    throw new RangeError(`Cannot rank candidates as user ${userId} has test items and no candidates`)
  }
  return { ...train, test, candidates }
}

function salesOf(table: InteractionTable): Pick<TrainingSet, 'sales' | 'until'> {
  const { userOf, itemOf, atOf } = filterRows(table, row => (table.typeOf[row] ?? 'purchase') === 'purchase')
  const at = userOf.map((_, row) => Math.floor((atOf[row] ?? 0) / 1000))
  return {
    sales: { user: userOf, item: itemOf, at },
    until: table.atOf.length === 0 ? undefined : Math.floor(lastMoment(table) / 1000),
  }
}

function incidence({ userOf, itemOf }: InteractionTable, { users, items }: { users: number; items: number }): Csr {
  const ones = new Uint8Array(userOf.length).fill(1)
  return csrFromTriples({ rows: users, columns: items, rowOf: userOf, columnOf: itemOf, valueOf: ones })
}
