import { countingOrder } from './counting-order.ts'
import { decodeModel, encodeModel } from './model-bytes.ts'

/** When an item is bought again, and how often it is at all; arrays by item. */
export interface Repurchase {
  intervalDays: Float32Array
  /** Share of those who bought it who bought it again. */
  repeatShare: Float32Array
  /** Standard deviation of the logarithm of an interval around the item's. */
  spread: number
}

/** Purchases nearer to each other than this are one. */
const gapDaysMin = 0.5
/** As many gaps, or buyers, of what an item belongs to count beside its own. */
const gapsOfGroup = 5
const buyersOfGroup = 20
const spreadRange = { min: 0.25, max: 1.5 } as const
const daySeconds = 86_400

/** Users who bought, and who bought again; by item or by category. */
interface Buyers {
  buyers: Float64Array
  again: Float64Array
}

/**
 * Of each item the days from one purchase of a user to the next, and how often there is a next one. With m the logarithm of
 * the median of n gaps, an item's is (n m + 5 m_c) / (n + 5), its category's m_c likewise drawn to the shop's m_s; the
 * share who buy again is (again + 20 share_c) / (buyers + 20), likewise. Undefined when nobody bought anything again.
 * @param sales the three arrays have one length, in the order of time; at is in seconds
 * @param of categoryOf is by item, a number below `categories`
 */
export function repurchase(
  sales: { user: ArrayLike<number>; item: ArrayLike<number>; at: ArrayLike<number> },
  of: { users: number; items: number; categoryOf: ArrayLike<number>; categories: number },
): Repurchase | undefined {
  const { items, categoryOf, categories } = of
  const { gapItem, gap, buyers, again } = gapsOf(sales, of)
  if (gap.length === 0) return undefined
  const gapCategory = gapItem.map(item => categoryOf[item]!)
  const shop = median(Float64Array.from(gap))
  const ofCategory = mediansOf({ gap, groupOf: gapCategory, groups: categories }, () => shop)
  const ofItem = mediansOf({ gap, groupOf: gapItem, groups: items }, item => ofCategory[categoryOf[item]!]!)
  const byCategory: Buyers = { buyers: new Float64Array(categories), again: new Float64Array(categories) }
  for (let item = 0; item < items; item++) {
    byCategory.buyers[categoryOf[item]!]! += buyers[item]!
    byCategory.again[categoryOf[item]!]! += again[item]!
  }
  const sum = (numbers: Float64Array) => numbers.reduce((total, number) => total + number, 0)
  const shopShare = sum(again) / sum(buyers)
  const shareOf = ({ again: more, buyers: all }: Buyers, group: number, share: number) =>
    (more[group]! + buyersOfGroup * share) / (all[group]! + buyersOfGroup)
  const repeatShare = Float32Array.from({ length: items }, (_, item) =>
    shareOf({ again, buyers }, item, shareOf(byCategory, categoryOf[item]!, shopShare)),
  )
  const squares = gap.reduce((total, value, index) => total + (value - ofItem[gapItem[index]!]!) ** 2, 0)
  const spread = Math.min(spreadRange.max, Math.max(spreadRange.min, Math.sqrt(squares / gap.length)))
  return { intervalDays: Float32Array.from(ofItem, Math.exp), repeatShare, spread }
}

/**
 * How due a purchase is so many days after the last one: exp(-½ (ln(days / interval) / spread)²). 1 at the interval, next to
 * nothing right after a purchase, and less again the longer nothing followed; 0 at 0 days or before.
 */
export function dueness(days: number, { intervalDays, spread }: { intervalDays: number; spread: number }): number {
  if (!(days > 0)) return 0
  return Math.exp(-0.5 * (Math.log(days / intervalDays) / spread) ** 2)
}

/** Logarithms of days between purchases of the same item by the same user, and by item who bought it and who did again. */
function gapsOf(
  { user, item, at }: Parameters<typeof repurchase>[0],
  { users, items }: Parameters<typeof repurchase>[1],
): { gapItem: number[]; gap: number[] } & Buyers {
  const order = countingOrder(user, users, countingOrder(item, items))
  const gapItem: number[] = []
  const gap: number[] = []
  const buyers = new Float64Array(items)
  const again = new Float64Array(items)
  let [last, hasRepeated] = [0, false]
  for (let place = 0; place < order.length; place++) {
    const sale = order[place]!
    const before = order[place - 1]
    const product = item[sale]!
    if (before === undefined || user[before] !== user[sale] || item[before] !== product) {
      buyers[product]! += 1
      last = at[sale]!
      hasRepeated = false
      continue
    }
    const days = (at[sale]! - last) / daySeconds
    if (days < gapDaysMin) continue
    gapItem.push(product)
    gap.push(Math.log(days))
    last = at[sale]!
    if (!hasRepeated) again[product]! += 1
    hasRepeated = true
  }
  return { gapItem, gap, buyers, again }
}

/** Each group's median, drawn to that of what it belongs to. */
function mediansOf(
  { gap, groupOf, groups }: { gap: readonly number[]; groupOf: readonly number[]; groups: number },
  widerOf: (group: number) => number,
): Float64Array {
  const order = countingOrder(groupOf, groups)
  const medians = new Float64Array(groups)
  for (let group = 0, from = 0; group < groups; group++) {
    let to = from
    while (to < order.length && groupOf[order[to]!] === group) to += 1
    const count = to - from
    const own = count === 0 ? 0 : median(Float64Array.from(order.subarray(from, to), index => gap[index]!))
    medians[group] = (count * own + gapsOfGroup * widerOf(group)) / (count + gapsOfGroup)
    from = to
  }
  return medians
}

/** The middle of the numbers, or halfway between the two in the middle; sorts them. */
function median(numbers: Float64Array): number {
  numbers.sort()
  const middle = numbers.length >> 1
  return numbers.length % 2 === 1 ? numbers[middle]! : (numbers[middle - 1]! + numbers[middle]!) / 2
}

/** As bytes: shape (items), then the spread, the intervals and the shares; see `encodeModel`. */
export function encodeRepurchase({ intervalDays, repeatShare, spread }: Repurchase): Uint8Array {
  return encodeModel({
    kind: 'repurchase',
    shape: [intervalDays.length],
    arrays: [Float64Array.of(spread), intervalDays, repeatShare],
  })
}

/** What `encodeRepurchase` wrote. @throws RangeError when the bytes are none of this version */
export function decodeRepurchase(bytes: Uint8Array): Repurchase {
  const reader = decodeModel(bytes, { kind: 'repurchase', dimensions: 1 })
  const [items = 0] = reader.shape
  const [spread = 0] = reader.float64(1)
  const made = { spread, intervalDays: reader.float32(items), repeatShare: reader.float32(items) }
  reader.end()
  return made
}
