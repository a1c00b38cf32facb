import type { Csr } from '../../algorithms/csr.ts'
import { dotRows } from '../../algorithms/dot-rows.ts'
import { procrustes, rotated } from '../../algorithms/procrustes.ts'
import { topN } from '../../algorithms/top-n.ts'

/** One model's view of the same users and items, row by row the same in both models. */
interface View {
  factors: number
  /** shape (users, factors) */
  users: Float32Array
  /** shape (items, factors) */
  items: Float32Array
}

/**
 * How alike two models see some users: the cosine between a user's two vectors once the items of both are laid over each
 * other (`procrustes`), and the share of the `k` best items by x·y, without `exclude`, that both name. A user whom one
 * of the models does not know (a zero row) has NaN for both.
 * @param exclude shape (users, items); its values are not read
 * @returns two arrays of shape (users)
 */
export function compareFactors(of: { before: View; after: View; exclude: Csr; k: number }): {
  cosine: Float64Array
  overlap: Float64Array
} {
  const { before, after, exclude, k } = of
  const { rows: users, columns: items } = exclude
  const every = Uint32Array.from({ length: items }, (_, item) => item)
  const rotation = procrustes(
    { values: before.items, factors: before.factors },
    { values: after.items, factors: after.factors },
    { from: every, to: every },
  )
  const cosine = new Float64Array(users)
  const overlap = new Float64Array(users)
  for (let user = 0; user < users; user++) {
    const aligned = rotated({ values: before.users, factors: before.factors }, user, rotation)
    cosine[user] = cosineOf(aligned, vectorOf(after, user))
    overlap[user] = Number.isNaN(cosine[user]) ? Number.NaN : sharedBest({ before, after, exclude, k }, user)
  }
  return { cosine, overlap }
}

/** The mean of the values that are numbers; undefined when none is. */
export function meanOfKnown(values: Float64Array): number | undefined {
  const known = values.filter(value => !Number.isNaN(value))
  return known.length === 0 ? undefined : known.reduce((sum, value) => sum + value, 0) / known.length
}

/** Share of the k best items (fewer where fewer are left) that are among the best of both; 1 where none are left. */
function sharedBest(of: { before: View; after: View; exclude: Csr; k: number }, user: number): number {
  const { indptr, indices } = of.exclude
  const seen = new Set(indices.subarray(indptr[user]!, indptr[user + 1]!))
  const [first, second] = [of.before, of.after].map(view => {
    const scores = new Float32Array(of.exclude.columns)
    dotRows(vectorOf(view, user), view.items, scores)
    return new Set(topN(scores, of.k, item => seen.has(item)).indices)
  })
  if (!first || !second || first.size === 0) return 1
  return [...first].filter(item => second.has(item)).length / first.size
}

function vectorOf({ users, factors }: View, user: number): Float64Array {
  return Float64Array.from(users.subarray(user * factors, (user + 1) * factors))
}

function cosineOf(a: Float64Array, b: Float64Array): number {
  let [dot, aa, bb] = [0, 0, 0]
  for (const [factor, value] of a.entries()) {
    dot += value * b[factor]!
    aa += value * value
    bb += b[factor]! * b[factor]!
  }
  return aa === 0 || bb === 0 ? Number.NaN : dot / Math.sqrt(aa * bb)
}
