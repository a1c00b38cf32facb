import type { Factors } from './als.ts'
import type { Csr } from './csr.ts'
import { dot } from './dot.ts'
import { dotRows } from './dot-rows.ts'
import { TopNHeap } from './top-n-heap.ts'

export interface UserLists {
  n: number
  /** how many items each user of the range has, at most n */
  counts: Uint32Array
  /** shape (users of the range, n), row-major; beyond a user's count 0 */
  items: Uint32Array
  /** as items */
  scores: Float32Array
}

/**
 * The n indices of the highest scores, best first; the lower index first on ties. A NaN is never chosen. Fewer than n
 * when fewer remain.
 * @throws RangeError when n is not an integer ≥ 0
 */
export function topN(
  scores: Float32Array,
  n: number,
  isExcluded?: (index: number) => boolean,
): { indices: Uint32Array; scores: Float32Array } {
  checkN(n)
  const heap = new TopNHeap(Math.min(n, scores.length))
  for (let index = 0; index < scores.length; index++) {
    if (isExcluded?.(index) !== true) heap.offer(index, scores[index]!)
  }
  const best = { indices: new Uint32Array(n), scores: new Float32Array(n), offset: 0 }
  const count = heap.drain(best)
  return { indices: best.indices.slice(0, count), scores: best.scores.slice(0, count) }
}

/**
 * For each user from `fromUser` to `toUser` - 1 the n items of highest score without those the user has an entry for in
 * `exclude`, best first. The score is x_u · y_i, or what `score` writes; a user it answers false for, as `scoreItems` does
 * for a zero factor row, has count 0.
 * @param options exclude has shape (users, items); its values are not read
 * @throws RangeError when n, the range or the shape of exclude does not fit
 */
export function topNForUsers(options: {
  factors: Factors
  n: number
  fromUser: number
  toUser: number
  exclude: Csr
  score?: (user: number, scores: Float32Array) => boolean
}): UserLists {
  const { factors, n, fromUser, toUser, exclude } = options
  const score = options.score ?? ((user, into) => scoreItems(factors, user, into))
  checkN(n)
  checkRange(fromUser, toUser, factors.users)
  if (exclude.rows !== factors.users || exclude.columns !== factors.items) {
    throw new RangeError(
      `Cannot take the top n as exclude must have shape (${factors.users}, ${factors.items}): current shape is (${exclude.rows}, ${exclude.columns})`,
    )
  }
  const users = toUser - fromUser
  const lists = {
    n,
    counts: new Uint32Array(users),
    items: new Uint32Array(users * n),
    scores: new Float32Array(users * n),
  }
  const heap = new TopNHeap(Math.min(n, factors.items))
  const scores = new Float32Array(factors.items)
  for (let user = fromUser; user < toUser; user++) {
    if (!score(user, scores)) continue
    for (let entry = exclude.indptr[user]!; entry < exclude.indptr[user + 1]!; entry++) {
      scores[exclude.indices[entry]!] = Number.NaN
    }
    for (let item = 0; item < scores.length; item++) heap.offer(item, scores[item]!)
    const row = user - fromUser
    lists.counts[row] = heap.drain({ indices: lists.items, scores: lists.scores, offset: row * n })
  }
  return lists
}

/**
 * Writes the score of every item for one user; false, with nothing written, when the user's factor row is zero.
 * @param scores shape (items)
 */
export function scoreItems(
  { factors, userFactors, itemFactors }: Factors,
  user: number,
  scores: Float32Array,
): boolean {
  const offset = user * factors
  if (dot(userFactors, offset, userFactors, offset, factors) === 0) return false
  dotRows(Float64Array.from(userFactors.subarray(offset, offset + factors)), itemFactors, scores)
  return true
}

function checkN(n: number): void {
  if (Number.isInteger(n) && n >= 0) return
  throw new RangeError(`Cannot take the top n as n must be an integer ≥ 0: current value is ${n}`)
}

function checkRange(from: number, to: number, users: number): void {
  if (Number.isInteger(from) && Number.isInteger(to) && from >= 0 && from <= to && to <= users) return
  throw new RangeError(
    `Cannot take the top n as fromUser and toUser must be a range within 0 to ${users}: current values are ${from} and ${to}`,
  )
}
