import type { Csr } from '../algorithms/csr.ts'
import type { ItemLinearModel } from './linear-scores.ts'

/**
 * What the item-item linear model adds to the scores of personal lists: share · l_ui / max_j l_uj with l_ui = Σ_j r_uj w_ji,
 * shape (users, items), columns in order of meeting; nothing for a user it knows nothing of. Sums are in 32 bits in the
 * order of the user's items, as `addLinearScores` has them.
 */
export function linearAdditions({ weights, userItems }: ItemLinearModel, share: number): Csr {
  const { rows, columns } = { rows: userItems.rows, columns: weights.columns }
  const sums = new Float32Array(columns)
  const isMet = new Uint8Array(columns)
  const met = new Uint32Array(columns)
  const indptr = new Uint32Array(rows + 1)
  const indices: Uint32Array[] = []
  const values: Float32Array[] = []
  for (let user = 0; user < rows; user++) {
    let count = 0
    let highest = 0
    for (let entry = userItems.indptr[user]!; entry < userItems.indptr[user + 1]!; entry++) {
      const item = userItems.indices[entry]!
      const strength = userItems.values[entry]!
      for (let at = weights.indptr[item]!; at < weights.indptr[item + 1]!; at++) {
        const other = weights.indices[at]!
        if (isMet[other] === 0) met[count++] = other
        isMet[other] = 1
        sums[other]! += strength * weights.values[at]!
        if (sums[other]! > highest) highest = sums[other]!
      }
    }
    const scale = highest === 0 ? 0 : share / highest
    const found = met.slice(0, count)
    indices.push(found)
    values.push(Float32Array.from(found, item => scale * sums[item]!))
    for (const item of found) {
      sums[item] = 0
      isMet[item] = 0
    }
    indptr[user + 1] = indptr[user]! + count
  }
  return { rows, columns, indptr, indices: joined(indices, Uint32Array), values: joined(values, Float32Array) }
}

function joined<Numbers extends Uint32Array | Float32Array>(
  parts: readonly Numbers[],
  make: new (length: number) => Numbers,
): Numbers {
  const all = new make(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
