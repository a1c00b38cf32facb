import { type Csr, csrFromTriples } from '../../algorithms/csr.ts'
import { seededRandom } from '../../algorithms/random.ts'
import type { TrainingSet } from '../recommender.ts'

/** A training set cut in two: what trials learn from and what they are to find again. */
export interface TuningSplit extends TrainingSet {
  /** Held out, shape (users, items); what a user has in `train` is not in it. */
  held: Csr
}

/** Of a set with times the latest share of sales is held out, of one without a share of each user's items. */
const heldShare = 0.15

/**
 * Cuts a training set for tuning. With times: at one moment for all users, as a shop lives; held are the pairs first
 * sold from then on. Without: a share of each user's items by chance, at least one of them stays.
 * Deterministic for a seed.
 * @throws RangeError when nothing is left to learn from or to find
 */
export function validationSplit(set: TrainingSet, { seed }: { seed: number }): TuningSplit {
  const split = set.until === undefined ? byChance(set, seed) : byTime(set)
  if (split.train.indices.length > 0 && split.held.indices.length > 0) return split
  throw new RangeError(
    `Cannot split for tuning as there must be interactions on both sides: ${split.train.indices.length} to learn from, ${split.held.indices.length} to find`,
  )
}

function byTime(set: TrainingSet): TuningSplit {
  const { train, sales } = set
  const moments = Float64Array.from(sales.at).sort()
  const moment = moments[Math.floor(moments.length * (1 - heldShare))] ?? 0
  const firstSold = new Map<number, number>()
  const kept: number[] = []
  for (let sale = 0; sale < sales.item.length; sale++) {
    const cell = sales.user[sale]! * train.columns + sales.item[sale]!
    firstSold.set(cell, Math.min(firstSold.get(cell) ?? Number.POSITIVE_INFINITY, sales.at[sale]!))
    if (sales.at[sale]! < moment) kept.push(sale)
  }
  const column = (values: ArrayLike<number>) => kept.map(sale => values[sale]!)
  return {
    ...parted(train, (user, item) => (firstSold.get(user * train.columns + item) ?? 0) >= moment),
    sales: { user: column(sales.user), item: column(sales.item), at: column(sales.at) },
    until: moment,
  }
}

function byChance(set: TrainingSet, seed: number): TuningSplit {
  const { train, sales } = set
  const random = seededRandom(seed)
  const held = new Set<number>()
  for (let user = 0; user < train.rows; user++) {
    const items = [...train.indices.subarray(train.indptr[user], train.indptr[user + 1])]
    // Drawing without putting back; the fraction is rounded by chance, so that small baskets count too.
    const count = Math.min(Math.floor(items.length * heldShare + random()), items.length - 1)
    for (let draw = 0; draw < count; draw++) {
      const [item = 0] = items.splice(Math.floor(random() * items.length), 1)
      held.add(user * train.columns + item)
    }
  }
  const isHeld = (user: number, item: number) => held.has(user * train.columns + item)
  const kept = Array.from(sales.item, (_, sale) => sale).filter(sale => !isHeld(sales.user[sale]!, sales.item[sale]!))
  const column = (values: ArrayLike<number>) => kept.map(sale => values[sale]!)
  return {
    ...parted(train, isHeld),
    sales: { user: column(sales.user), item: column(sales.item), at: column(sales.at) },
    until: undefined,
  }
}

function parted(whole: Csr, isHeld: (user: number, item: number) => boolean): { train: Csr; held: Csr } {
  const { rows, columns } = whole
  const sides = [0, 1].map(() => ({ rowOf: [] as number[], columnOf: [] as number[], valueOf: [] as number[] }))
  for (let user = 0; user < rows; user++) {
    for (let entry = whole.indptr[user]!; entry < whole.indptr[user + 1]!; entry++) {
      const item = whole.indices[entry]!
      const side = sides[isHeld(user, item) ? 1 : 0]!
      side.rowOf.push(user)
      side.columnOf.push(item)
      side.valueOf.push(whole.values[entry]!)
    }
  }
  const [train, held] = sides.map(side => csrFromTriples({ rows, columns, ...side }))
  return { train: train!, held: held! }
}
