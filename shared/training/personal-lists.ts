import type { Csr } from '../algorithms/csr.ts'
import { dot } from '../algorithms/dot.ts'
import type { Workspace } from '../algorithms/kernels/workspace.ts'
import { topNForUsers, type UserLists } from '../algorithms/top-n.ts'
import { TopNHeap } from '../algorithms/top-n-heap.ts'
import { type PreparedItems, prepareItems } from '../algorithms/top-n-items.ts'
import { checkShares, scale } from './personal-scores.ts'

/** The catalogue as personal lists rank it, in a workspace. */
export interface PersonalItems {
  /** Item factors, to find each user's highest score. */
  taste: PreparedItems
  /** Item factors and one column more: what popularity adds, by `popularityUnit`. */
  blended: PreparedItems
  /** A power of two that makes the column as long as the factors, so that norms stay telling. */
  popularityUnit: number
  /** What a user's highest score by factors is scaled to. */
  tasteShare: number
}

/** What is added to some items' scores for some users, shape (users, items). */
type Additions = Pick<Csr, 'rows' | 'columns' | 'indptr' | 'indices' | 'values'>

/**
 * Lays out what `personalLists` needs of the items.
 * @param options itemFactors has shape (items, factors), popularity (items) on any scale ≥ 0; itemLinearShare is the share
 * of taste that additions have, 0 without them
 * @throws RangeError when a share is not from 0 to 1 or factors are not finite
 */
export function preparePersonalItems(
  workspace: Workspace,
  options: {
    itemFactors: Float32Array
    factors: number
    popularity: ArrayLike<number>
    popularityShare: number
    itemLinearShare?: number
  },
): PersonalItems {
  const { itemFactors, factors, popularity, popularityShare, itemLinearShare = 0 } = options
  checkShares({ popularityShare, itemLinearShare })
  const popular = Float32Array.from(popularity)
  const popularScale = scale(popular, popularityShare)
  const taste = prepareItems(workspace, { itemFactors, factors })
  const popularityUnit = popularScale === 0 ? 1 : 2 ** Math.round(Math.log2(taste.maxNorm[0]! / popularityShare))
  const blended = new Float32Array(popular.length * (factors + 1))
  for (let item = 0; item < popular.length; item++) {
    const at = item * (factors + 1)
    blended.set(itemFactors.subarray(item * factors, (item + 1) * factors), at)
    blended[at + factors] = Math.fround(popular[item]! * popularScale) * popularityUnit
  }
  return {
    taste,
    blended: prepareItems(workspace, { itemFactors: blended, factors: factors + 1 }),
    popularityUnit,
    tasteShare: (1 - popularityShare) * (1 - itemLinearShare),
  }
}

/**
 * Each user's n best items without those in `exclude`, by what `personalScores` ranks by: t x·y / max_j x·y + popularity's
 * part + the addition, with the taste share t. Exact in this form: x is scaled first and kept in 32 bits, popularity is one
 * more factor, products are summed in 64 bits in the order of `dot`, and the addition comes last. A user with neither
 * factors nor additions has count 0.
 * @param options userFactors has shape (users, factors), exclude and additions (users, items); their indptr may begin
 * above 0
 * @throws RangeError when n or a shape does not fit
 */
export async function personalLists(
  workspace: Workspace,
  options: {
    items: PersonalItems
    userFactors: Float32Array
    n: number
    exclude: Omit<Csr, 'values'>
    additions?: Additions
  },
): Promise<UserLists> {
  const { items, userFactors, n, exclude, additions } = options
  const users = userFactors.length / items.taste.factors
  if (additions && (additions.rows !== users || additions.columns !== items.taste.items)) {
    throw new RangeError(
      `Cannot make personal lists as additions must have shape (${users}, ${items.taste.items}): current shape is (${additions.rows}, ${additions.columns})`,
    )
  }
  const none = {
    rows: users,
    columns: items.taste.items,
    indptr: new Uint32Array(users + 1),
    indices: new Uint32Array(),
  }
  const best = await topNForUsers(workspace, {
    ...{ items: items.taste, userFactors, n: 1, exclude: none, positiveOnly: true },
  })
  const blendedUsers = blendUsers(items, userFactors, { highest: best.scores, additions })
  const of = { items: items.blended, userFactors: blendedUsers, n }
  if (!additions) return topNForUsers(workspace, { ...of, exclude })
  const lists = await topNForUsers(workspace, { ...of, exclude: concatRows(exclude, additions) })
  return withAdditions(lists, { ...of, exclude, additions })
}

/** Scaled rows with popularity's column; shape (users, factors + 1). A user of whom nothing is known has a zero row. */
function blendUsers(
  { taste: { factors }, popularityUnit, tasteShare }: PersonalItems,
  userFactors: Float32Array,
  { highest, additions }: { highest: Float32Array; additions: Additions | undefined },
): Float32Array {
  const users = userFactors.length / factors
  const blended = new Float32Array(users * (factors + 1))
  for (let user = 0; user < users; user++) {
    const row = userFactors.subarray(user * factors, (user + 1) * factors)
    const isAdded = additions !== undefined && additions.indptr[user]! < additions.indptr[user + 1]!
    if (!isAdded && row.every(value => value === 0)) continue
    const by = highest[user]! > 0 ? tasteShare / highest[user]! : 0
    const at = user * (factors + 1)
    for (let factor = 0; factor < factors; factor++) blended[at + factor] = by * row[factor]!
    blended[at + factors] = 1 / popularityUnit
  }
  return blended
}

/** Both matrices' entries row by row; a row's columns are in no order. */
function concatRows(a: Omit<Csr, 'values'>, b: Additions): Omit<Csr, 'values'> {
  const indptr = new Uint32Array(a.rows + 1)
  const indices = new Uint32Array(a.indptr[a.rows]! - a.indptr[0]! + b.indptr[a.rows]! - b.indptr[0]!)
  let stored = 0
  for (let row = 0; row < a.rows; row++) {
    for (const { indptr: from, indices: columns } of [a, b]) {
      const entries = columns.subarray(from[row], from[row + 1])
      indices.set(entries, stored)
      stored += entries.length
    }
    indptr[row + 1] = stored
  }
  return { rows: a.rows, columns: a.columns, indptr, indices }
}

/** Lists without the items that have additions, and these items scored one by one. */
function withAdditions(
  lists: UserLists,
  of: {
    items: PreparedItems
    userFactors: Float32Array
    n: number
    exclude: Omit<Csr, 'values'>
    additions: Additions
  },
): UserLists {
  const { items, userFactors, n, exclude, additions } = of
  const { factors, rows, places } = items
  const heap = new TopNHeap(n)
  const excludedFor = new Uint32Array(items.items)
  for (let user = 0; user < lists.counts.length; user++) {
    for (let entry = exclude.indptr[user]!; entry < exclude.indptr[user + 1]!; entry++) {
      excludedFor[exclude.indices[entry]!] = user + 1
    }
    for (let place = user * n; place < user * n + lists.counts[user]!; place++) {
      heap.offer(lists.items[place]!, lists.scores[place]!)
    }
    for (let entry = additions.indptr[user]!; entry < additions.indptr[user + 1]!; entry++) {
      const item = additions.indices[entry]!
      if (excludedFor[item] === user + 1) continue
      const score = dot(userFactors, user * factors, rows, places[item]! * factors, factors)
      heap.offer(item, score + additions.values[entry]!)
    }
    lists.counts[user] = heap.drain({ indices: lists.items, scores: lists.scores, offset: user * n })
  }
  return lists
}
