import { countTogether } from './count-together.ts'
import { type Csr, transpose } from './csr.ts'
import { dot } from './dot.ts'
import { dotRows } from './dot-rows.ts'
import { TopNHeap } from './top-n-heap.ts'

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
 * The k items of highest cosine between factor vectors, for each item of the range; the lower item first on ties. Only
 * scores above 0 count, an item is not its own neighbour, and a zero row has and is no neighbour.
 * @param options itemFactors has shape (items, factors), row-major
 * @throws RangeError when k or the range does not fit
 */
export function cosineNeighbours(
  options: Range & { itemFactors: Float32Array; factors: number; items: number },
): Neighbours {
  const { itemFactors, factors, items, from, to } = options
  const neighbours = emptyNeighbours(options, items)
  const unit = unitRows(itemFactors, factors)
  const cosines = new Float32Array(items)
  const heap = new TopNHeap(Math.min(options.k, items))
  for (let item = from; item < to; item++) {
    dotRows(Float64Array.from(unit.subarray(item * factors, (item + 1) * factors)), unit, cosines)
    for (let other = 0; other < items; other++) {
      if (other !== item && cosines[other]! > 0) heap.offer(other, cosines[other]!)
    }
    drainInto(neighbours, item, heap)
  }
  return neighbours
}

/**
 * The k items bought together with each item of the range, by the cosine of the basket incidence n_ij / sqrt(n_i n_j),
 * where n counts baskets; the lower item first on ties. Pairs in fewer than `minCount` baskets do not count. The cost is
 * that of the pairs that occur, not of all items squared.
 * @param options baskets has shape (baskets, items); every entry counts once, whatever its value
 * @throws RangeError when k, minCount or the range does not fit
 */
export function coPurchaseNeighbours(options: Range & { baskets: Csr; minCount: number }): Neighbours {
  const { baskets, minCount, from, to } = options
  if (!Number.isInteger(minCount) || minCount < 1) {
    throw new RangeError(`Cannot find neighbours as minCount must be an integer ≥ 1: current value is ${minCount}`)
  }
  const items = baskets.columns
  const neighbours = emptyNeighbours(options, items)
  const itemBaskets = transpose(baskets)
  const basketCount = (item: number) => itemBaskets.indptr[item + 1]! - itemBaskets.indptr[item]!
  const together = new Uint32Array(items)
  const met = new Uint32Array(items)
  const heap = new TopNHeap(Math.min(options.k, items))
  for (let item = from; item < to; item++) {
    const metCount = countTogether({ baskets, itemBaskets, item, together, met })
    for (let place = 0; place < metCount; place++) {
      const other = met[place]!
      const count = together[other]!
      together[other] = 0
      if (other === item || count < minCount) continue
      heap.offer(other, count / Math.sqrt(basketCount(item) * basketCount(other)))
    }
    drainInto(neighbours, item, heap)
  }
  return neighbours
}

function emptyNeighbours({ k, from, to }: Range, items: number): Neighbours {
  if (!Number.isInteger(k) || k < 0) {
    throw new RangeError(`Cannot find neighbours as k must be an integer ≥ 0: current value is ${k}`)
  }
  if (!Number.isInteger(from) || !Number.isInteger(to) || from < 0 || from > to || to > items) {
    throw new RangeError(
      `Cannot find neighbours as from and to must be a range within 0 to ${items}: current values are ${from} and ${to}`,
    )
  }
  const rows = to - from
  return {
    k,
    from,
    to,
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
