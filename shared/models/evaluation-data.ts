import { type Csr, csrFromTriples } from '../algorithms/csr.ts'
import type { StrengthOptions } from '../training/strength.ts'
import { entriesOf } from './evaluate.ts'
import { filterRows, type IdNumbers, type InteractionTable } from './interaction-table.ts'
import { tableMatrix } from './table-matrix.ts'

/** Matrices of shape (users, items) under common numbers. */
interface EvaluationData {
  train: Csr
  test: Csr
  candidates?: Csr
}

/** The F13 weights that the settings have unless they say otherwise. */
const strengthOptions: StrengthOptions = {
  weights: { rating: 0.4, purchase: 0.3, recency: 0.2, quantity: 0.1 },
  recencyHalfLifeMs: 180 * 86_400_000,
}

/**
 * The matrices of tables read under the same ids. Every test pair is relevant but those with a thumb down.
 * @throws RangeError naming a user who has test items and no candidates, where candidates are given
 */
export function evaluationData(
  tables: { train: InteractionTable; test: InteractionTable; candidates?: InteractionTable },
  ids: IdNumbers,
): EvaluationData {
  const shape = { users: ids.users.size, items: ids.items.size }
  const { typeOf, valueOf: values } = tables.test
  const relevant = filterRows(tables.test, row => !(typeOf[row] === 'feedback' && values[row]! < 0))
  const train = tableMatrix(tables.train, shape, strengthOptions)
  const test = incidence(relevant, shape)
  if (!tables.candidates) return { train, test }
  const candidates = incidence(tables.candidates, shape)
  for (const [userId, user] of ids.users) {
    if (entriesOf(test, user).length === 0 || entriesOf(candidates, user).length > 0) continue
    throw new RangeError(`Cannot rank candidates as user ${userId} has test items and no candidates`)
  }
  return { train, test, candidates }
}

function incidence({ userOf, itemOf }: InteractionTable, { users, items }: { users: number; items: number }): Csr {
  const ones = new Uint8Array(userOf.length).fill(1)
  return csrFromTriples({ rows: users, columns: items, rowOf: userOf, columnOf: itemOf, valueOf: ones })
}
