import type { Csr } from './csr.ts'
import { TopNHeap } from './top-n-heap.ts'

export interface ItemLinearParameters {
  /** Items that one item is told from, at most. */
  neighbours: number
  /** a: a user of d items weighs d^-a. 0 counts all interactions alike, 1 all users. */
  userExponent: number
  /** b: what one has of n users weighs n^-b. */
  fromExponent: number
  /** c: what one is told of n users weighs n^-c. The lower, the more popular lists are. */
  toExponent: number
}

/**
 * What each item of the range is told by: row j holds w_ji = n_i^-b n_j^-c Σ_u x_ui x_uj d_u^-a of the items i of highest
 * w, so that Σ_i w_ji x_ui over a user's items ranks the items for the user. With a = 0, b = c = 1/2 it is the cosine of
 * ItemKNN, with a = b = 1 and c = β about the walk of RP3beta, with a = b = c = 1/2 the linear filter of GF-CF. Sums are
 * in 64 bits and users ascend, so a range gives the rows that the whole gives. An item is not told by itself; an item that
 * shares no user has an empty row; the lower item first on ties.
 * Source: Deshpande, Karypis, "Item-based top-N recommendation algorithms", TOIS 2004; Paudel et al., "Updatable, accurate,
 * diverse, and scalable recommendations for interactive applications", TiiS 2017; Shen et al., "How powerful is graph
 * convolution for recommendation?", CIKM 2021, section 4.
 * @param input userItems, shape (users, items), and its transpose; every entry counts once, whatever its value
 * @returns shape (to - from, items), columns ascending
 * @throws RangeError when a parameter or the range does not fit
 */
export function itemLinearWeights(
  input: ItemLinearParameters & { userItems: Csr; itemUsers: Csr; from: number; to: number },
): Csr {
  checkInput(input)
  const { userItems, itemUsers, userExponent, fromExponent, toExponent, from, to } = input
  const items = userItems.columns
  const userWeights = rowWeights(userItems, userExponent)
  const fromWeights = rowWeights(itemUsers, fromExponent)
  const toWeights = rowWeights(itemUsers, toExponent)
  const neighbours = Math.min(input.neighbours, items)
  const heap = new TopNHeap(neighbours)
  const kept = { indices: new Uint32Array(neighbours), scores: new Float32Array(neighbours), offset: 0 }
  const sums = new Float64Array(items)
  const met = new Uint32Array(items)
  const rows: Pick<Csr, 'indices' | 'values'>[] = []
  for (let item = from; item < to; item++) {
    const metCount = addTogether({ userItems, itemUsers, userWeights, item, sums, met })
    for (let place = 0; place < metCount; place++) {
      const other = met[place]!
      if (other !== item) heap.offer(other, sums[other]! * fromWeights[other]! * toWeights[item]!)
      sums[other] = 0
    }
    const count = heap.drain(kept)
    const order = Uint32Array.from({ length: count }, (_, place) => place)
    order.sort((a, b) => kept.indices[a]! - kept.indices[b]!)
    rows.push({
      indices: order.map(place => kept.indices[place]!),
      values: Float32Array.from(order, place => kept.scores[place]!),
    })
  }
  return joinRows(rows, items)
}

/** Adds d_u^-a over the users of `item` to `sums` (all zero before) at each of their items, listed once each in `met`. */
function addTogether(counting: {
  userItems: Csr
  itemUsers: Csr
  userWeights: Float64Array
  item: number
  sums: Float64Array
  met: Uint32Array
}): number {
  const { userItems, itemUsers, userWeights, item, sums, met } = counting
  const { indptr, indices } = userItems
  let metCount = 0
  for (let entry = itemUsers.indptr[item]!; entry < itemUsers.indptr[item + 1]!; entry++) {
    const user = itemUsers.indices[entry]!
    const weight = userWeights[user]!
    for (let line = indptr[user]!; line < indptr[user + 1]!; line++) {
      const other = indices[line]!
      if (sums[other] === 0) met[metCount++] = other
      sums[other]! += weight
    }
  }
  return metCount
}

/** Entries of each row to the power of -exponent; 0 for a row without. */
function rowWeights({ rows, indptr }: Csr, exponent: number): Float64Array {
  return Float64Array.from({ length: rows }, (_, row) => {
    const count = indptr[row + 1]! - indptr[row]!
    return count === 0 ? 0 : count ** -exponent
  })
}

function joinRows(rows: readonly Pick<Csr, 'indices' | 'values'>[], columns: number): Csr {
  const indptr = new Uint32Array(rows.length + 1)
  for (const [row, { indices }] of rows.entries()) indptr[row + 1] = indptr[row]! + indices.length
  const joined = { indices: new Uint32Array(indptr[rows.length]!), values: new Float32Array(indptr[rows.length]!) }
  for (const [row, { indices, values }] of rows.entries()) {
    joined.indices.set(indices, indptr[row]!)
    joined.values.set(values, indptr[row]!)
  }
  return { rows: rows.length, columns, indptr, ...joined }
}

function checkInput(input: ItemLinearParameters & { userItems: Csr; from: number; to: number }): void {
  const { userItems, neighbours, userExponent, fromExponent, toExponent, from, to } = input
  if (!Number.isInteger(neighbours) || neighbours < 1) {
    throw new RangeError(`Cannot weigh items as neighbours must be an integer ≥ 1: current value is ${neighbours}`)
  }
  for (const [name, exponent] of Object.entries({ userExponent, fromExponent, toExponent })) {
    if (exponent >= 0 && exponent <= 2) continue
    throw new RangeError(`Cannot weigh items as ${name} must be from 0 to 2: current value is ${exponent}`)
  }
  if (!Number.isInteger(from) || !Number.isInteger(to) || from < 0 || from > to || to > userItems.columns) {
    throw new RangeError(
      `Cannot weigh items as from and to must be a range within 0 to ${userItems.columns}: current values are ${from} and ${to}`,
    )
  }
}
