import { countTogether } from './count-together.ts'
import { type Csr, transpose } from './csr.ts'
import { dot } from './dot.ts'
import type { Workspace } from './kernels/workspace.ts'
import { topNForUsers } from './top-n.ts'
import { TopNHeap } from './top-n-heap.ts'
import { type PreparedItems, prepareItems } from './top-n-items.ts'

/** Makes up for rounding: a score of 32 bits is exact to 6e-8. */
const almostOne = 1 - 1e-6

/** The nearest items of the items `from` to `to` - 1, best first. */
export interface Neighbours {
  k: number
  from: number
  to: number
  /** how many neighbours each item has, at most k */
  counts: Uint32Array
  /** shape (to - from, k), row-major; beyond an item's count 0 */
  items: Uint32Array
  /** as items */
  scores: Float32Array
}

interface Range {
  k: number
  from: number
  to: number
}

/**
 * Lays out item factors in the workspace for `cosineNeighbours`: rows scaled to length 1 in 32 bits.
 * @param options itemFactors has shape (items, factors), row-major
 * @throws RangeError when factors does not divide the numbers, or one is not finite
 */
export function prepareDirections(
  workspace: Workspace,
  { itemFactors, factors }: { itemFactors: Float32Array; factors: number },
): PreparedItems {
  return prepareItems(workspace, { itemFactors: unitRows(itemFactors, factors), factors })
}

/**
 * The k items of highest cosine between factor vectors, for each item of the range; the lower item first on ties. Only
 * scores above 0 count, an item is not its own neighbour, and a zero row has and is no neighbour. A cosine is the inner
 * product of the prepared rows, exact as `topNForUsers` has it.
 * @throws RangeError when k or the range does not fit
 */
export async function cosineNeighbours(
  workspace: Workspace,
  options: Range & { items: PreparedItems },
): Promise<Neighbours> {
  const { items, k, from, to } = options
  checkRange(options, items.items)
  const { factors, rows, places } = items
  const count = to - from
  const userFactors = new Float32Array(count * factors)
  for (let row = 0; row < count; row++) {
    const at = places[from + row]! * factors
    userFactors.set(rows.subarray(at, at + factors), row * factors)
  }
  const itself = {
    ...{ rows: count, columns: items.items, indptr: Uint32Array.from({ length: count + 1 }, (_, row) => row) },
    indices: Uint32Array.from({ length: count }, (_, row) => from + row),
  }
  const lists = await topNForUsers(workspace, { items, userFactors, n: k, exclude: itself, positiveOnly: true })
  return { k, from, to, counts: lists.counts, items: lists.items, scores: lists.scores }
}

/**
 * The k items bought together with each item of the range, by the cosine of the basket incidence n_ij / sqrt(n_i n_j),
 * where n counts baskets; the lower item first on ties. Pairs in fewer than `minCount` baskets do not count. The cost is
 * that of the pairs that occur, not of all items squared.
 * @param options baskets has shape (baskets, items); every entry counts once, whatever its value; itemBaskets is its
 * transpose, when the caller has it already
 * @throws RangeError when k, minCount or the range does not fit
 */
export function coPurchaseNeighbours(
  options: Range & { baskets: Csr; itemBaskets?: Csr; minCount: number },
): Neighbours {
  const { baskets, minCount, from, to } = options
  if (!Number.isInteger(minCount) || minCount < 1) {
    throw new RangeError(`Cannot find neighbours as minCount must be an integer ≥ 1: current value is ${minCount}`)
  }
  const items = baskets.columns
  const neighbours = emptyNeighbours(options, items)
  const itemBaskets = options.itemBaskets ?? transpose(baskets)
  const basketCounts = Float64Array.from({ length: items }, (_, item) => lengthOfRow(itemBaskets, item))
  const together = new Uint32Array(items)
  const met = new Uint32Array(items + 1)
  const heap = new TopNHeap(Math.min(options.k, items))
  for (let item = from; item < to; item++) {
    const metCount = countTogether({ baskets, itemBaskets, item, together, met })
    const own = basketCounts[item]!
    together[item] = 0
    // The least n_ij² / n_j that may be taken; without a square root, and a little less than exact.
    let worthwhile = -1
    for (let place = 0; place < metCount; place++) {
      const other = met[place]!
      const count = together[other]!
      together[other] = 0
      if (count < minCount || count * count < worthwhile * basketCounts[other]!) continue
      heap.offer(other, count / Math.sqrt(own * basketCounts[other]!))
      const { least } = heap
      if (least > 0) worthwhile = least * least * own * almostOne
    }
    drainInto(neighbours, item, heap)
  }
  return neighbours
}

function lengthOfRow({ indptr }: Csr, row: number): number {
  return indptr[row + 1]! - indptr[row]!
}

function checkRange({ k, from, to }: Range, items: number): void {
  if (!Number.isInteger(k) || k < 0) {
    throw new RangeError(`Cannot find neighbours as k must be an integer ≥ 0: current value is ${k}`)
  }
  if (!Number.isInteger(from) || !Number.isInteger(to) || from < 0 || from > to || to > items) {
    throw new RangeError(
      `Cannot find neighbours as from and to must be a range within 0 to ${items}: current values are ${from} and ${to}`,
    )
  }
}

function emptyNeighbours({ k, from, to }: Range, items: number): Neighbours {
  checkRange({ k, from, to }, items)
  const rows = to - from
  return {
    ...{ k, from, to },
    counts: new Uint32Array(rows),
    items: new Uint32Array(rows * k),
    scores: new Float32Array(rows * k),
  }
}

function drainInto(neighbours: Neighbours, item: number, heap: TopNHeap): void {
  const row = item - neighbours.from
  neighbours.counts[row] = heap.drain({
    indices: neighbours.items,
    scores: neighbours.scores,
    offset: row * neighbours.k,
  })
}

function unitRows(rows: Float32Array, factors: number): Float32Array {
  const unit = new Float32Array(rows.length)
  for (let offset = 0; offset < rows.length; offset += factors) {
    const length = Math.sqrt(dot(rows, offset, rows, offset, factors))
    if (length === 0) continue
    for (let factor = 0; factor < factors; factor++) unit[offset + factor] = rows[offset + factor]! / length
  }
  return unit
}
