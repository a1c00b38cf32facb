import type { Csr } from '../../algorithms/csr.ts'
import { type FoldInSide, foldIn } from '../../algorithms/fold-in.ts'
import { isZeroRow } from './fold-items.ts'

/**
 * Folds in users of a slice whose events changed, and users without a vector; the others keep theirs. The users' Gramian
 * follows: the old vector's product is taken out, the new one's added.
 * @param rows feedback of the users from `from` on, shape (rows, items)
 * @param of changed is by user; folded, by user, is set to 1 where a vector was made
 */
export function foldUsers(
  rows: Csr,
  from: number,
  of: {
    users: FoldInSide
    items: FoldInSide
    parameters: Parameters<typeof foldIn>[2]
    changed: Uint8Array
    folded: Uint8Array
  },
): void {
  const { users, items, parameters, changed, folded } = of
  const { factors } = users
  for (let row = 0; row < rows.rows; row++) {
    const user = from + row
    const [first, last] = [rows.indptr[row]!, rows.indptr[row + 1]!]
    const isNew = isZeroRow(users.values, user, factors)
    if (changed[user] === 0 && (!isNew || first === last)) continue
    const entries = { columns: rows.indices.subarray(first, last), strengths: rows.values.subarray(first, last) }
    const vector = foldIn(entries, items, parameters)
    addProduct(users.gramian, users.values.subarray(user * factors, (user + 1) * factors), -1)
    addProduct(users.gramian, vector, 1)
    users.values.set(vector, user * factors)
    if (changed[user] === 1 || !isZeroRow(users.values, user, factors)) folded[user] = 1
  }
}

/** gramian += sign x xᵀ */
function addProduct(gramian: Float64Array, x: Float32Array, sign: 1 | -1): void {
  for (let a = 0; a < x.length; a++) {
    const left = sign * x[a]!
    if (left === 0) continue
    for (let b = 0; b < x.length; b++) gramian[a * x.length + b]! += left * x[b]!
  }
}
