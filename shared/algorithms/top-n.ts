import type { Factors } from './als.ts'
import type { Csr } from './csr.ts'
import { dot } from './dot.ts'
import { dotRows } from './dot-rows.ts'
import type { Workspace } from './kernels/workspace.ts'
import { TopNHeap } from './top-n-heap.ts'
import type { PreparedItems } from './top-n-items.ts'

export interface UserLists {
  n: number
  /** how many items each user of the range has, at most n */
  counts: Uint32Array
  /** shape (users of the range, n), row-major; beyond a user's count 0 */
  items: Uint32Array
  /** as items */
  scores: Float32Array
}

/** What the kernel writes as the count of a user whose row is not finite. */
const notFinite = 2 ** 32 - 1
const usersPerBlock = 32
/** Users laid out at once: enough that no thread waits, few enough that memory does not grow with the users. */
const usersPerRun = 16_384
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
 * For each user the n items of highest score x·y without those he has an entry for in `exclude`, best first, the lower
 * item first on ties; a user with a zero row has count 0. Exact: a score is summed in 64 bits in the order of `dot` and
 * kept in 32, and only items that provably cannot belong to a list are skipped. A user's list does not depend on which
 * others are asked for with him, nor on the number of threads.
 * @param options userFactors has shape (users, items.factors), exclude (users, items); its values are not read, and its
 * indptr may begin above 0; positiveOnly leaves out scores of 0 and less
 * @throws RangeError when n or a shape does not fit, or a user's factors are not finite
 */
export async function topNForUsers(
  workspace: Workspace,
  options: { items: PreparedItems; userFactors: Float32Array; n: number; exclude: Rows; positiveOnly?: boolean },
): Promise<UserLists> {
  const { items, userFactors, n, exclude } = options
  checkN(n)
  const users = userFactors.length / items.factors
  if (exclude.rows !== users || exclude.columns !== items.items) {
    throw new RangeError(
      `Cannot take the top n as exclude must have shape (${users}, ${items.items}): current shape is (${exclude.rows}, ${exclude.columns})`,
    )
  }
  const lists: UserLists = {
    n,
    counts: new Uint32Array(users),
    items: new Uint32Array(users * n),
    scores: new Float32Array(users * n),
  }
  if (n === 0 || items.items === 0) return lists
  for (let from = 0; from < users; from += usersPerRun) {
    const mark = workspace.mark()
    try {
      await listRun(workspace, { ...options, lists, from, to: Math.min(users, from + usersPerRun) })
    } finally {
      workspace.free(mark)
    }
  }
  const broken = lists.counts.indexOf(notFinite)
  if (broken >= 0) throw new RangeError(`Cannot take the top n as the factors of user ${broken} must be finite`)
  return lists
}

/**
 * What `topNForUsers` gives one user, at once: for a request, which has no time to wait for threads.
 * @param options userFactors has shape (items.factors)
 * @throws RangeError when n or the shape does not fit, or the user's factors are not finite
 */
export function topNForUser(
  workspace: Workspace,
  options: { items: PreparedItems; userFactors: Float32Array; n: number; positiveOnly?: boolean },
): { indices: Uint32Array; scores: Float32Array } {
  const { items, userFactors, n } = options
  checkN(n)
  if (userFactors.length !== items.factors) {
    throw new RangeError(
      `Cannot take the top n as a user must have ${items.factors} factors: current number is ${userFactors.length}`,
    )
  }
  if (n === 0 || items.items === 0) return { indices: new Uint32Array(), scores: new Float32Array() }
  const mark = workspace.mark()
  try {
    const exclude = { rows: 1, columns: items.items, indptr: new Uint32Array(2), indices: new Uint32Array() }
    const { call, counts, foundItems, foundScores } = kernelCall(workspace, { ...options, exclude, from: 0, to: 1 })
    workspace.runHere('topNBlock', call)
    const count = counts[0]!
    if (count === notFinite) throw new RangeError('Cannot take the top n as the factors of the user must be finite')
    return { indices: foundItems.slice(0, count), scores: foundScores.slice(0, count) }
  } finally {
    workspace.free(mark)
  }
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

/** The columns of a sparse matrix's rows. */
type Rows = Pick<Csr, 'rows' | 'columns' | 'indptr' | 'indices'>

async function listRun(
  workspace: Workspace,
  run: Parameters<typeof topNForUsers>[1] & { lists: UserLists; from: number; to: number },
): Promise<void> {
  const { lists, n, from } = run
  const { call, counts, foundItems, foundScores } = kernelCall(workspace, run)
  await workspace.run('topNBlock', call)
  lists.counts.set(counts, from)
  lists.items.set(foundItems, from * n)
  lists.scores.set(foundScores, from * n)
}

/** Lays out what the kernel reads and writes for a range of users. */
function kernelCall(
  workspace: Workspace,
  run: {
    items: PreparedItems
    userFactors: Float32Array
    n: number
    exclude: Rows
    positiveOnly?: boolean
    from: number
    to: number
  },
) {
  const { items, userFactors, n, exclude, from, to } = run
  const { factors } = items
  const users = to - from
  const excludedFrom = exclude.indptr[from]!
  const userRows = workspace.float32(users * factors)
  userRows.set(userFactors.subarray(from * factors, to * factors))
  const indptr = workspace.uint32(users + 1)
  for (let user = 0; user <= users; user++) indptr[user] = exclude.indptr[from + user]! - excludedFrom
  const excluded = workspace.uint32(indptr[users]!)
  excluded.set(exclude.indices.subarray(excludedFrom, exclude.indptr[to]))
  const counts = workspace.uint32(users)
  const foundItems = workspace.uint32(users * n)
  const foundScores = workspace.float32(users * n)
  // In the order of TopNCall.
  const arrays = [
    ...[userRows, indptr, excluded],
    ...[items.rows, items.ids, items.places, items.bytes, items.tiles, items.maxNorm],
    ...[counts, foundItems, foundScores],
  ]
  const numbers = [users, items.items, factors, n, run.positiveOnly ? 1 : 0]
  const call = {
    blocks: Math.ceil(users / usersPerBlock),
    parameters: [...numbers, ...arrays.map(({ byteOffset }) => byteOffset)],
    scratchBytes: 4 * usersPerBlock + Math.min(users, usersPerBlock) * queryBytes({ factors, n }),
  }
  return { call, counts, foundItems, foundScores }
}

/** The bytes of a query in the kernel: its row, its candidates and its heap. */
function queryBytes({ factors, n }: { factors: number; n: number }): number {
  return 640 + 72 * Math.ceil(factors / 8) + 112 * Math.ceil(n / 2)
}

function checkN(n: number): void {
  if (Number.isInteger(n) && n >= 0) return
  throw new RangeError(`Cannot take the top n as n must be an integer ≥ 0: current value is ${n}`)
}
