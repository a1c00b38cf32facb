import { sortAscending } from './sort-ascending'
import { TopNCall } from './top-n-call'

/** Covers the rounding of a bound and of a score in 32 bits: together less than 20 units of 2^-24 |x| |y|. */
export const rounding: f64 = 1.0 / 262144.0
/** More than underflow can take away from a bound; bounds are relative to |x| max |y|. */
export const underflow: f32 = 1e-30

/** A user as the scan sees him. Lengths are relative to |x|, the threshold and the bounds to |x| max |y|. */
@unmanaged
export class Query {
  /** by what a score becomes relative: 1 / (|x| max |y|) */
  relative: f64
  /** the step of the quantised row x̂ */
  step: f32
  /** |x̂| */
  length: f32
  /** |x - x̂| and what rounding may take */
  lost: f32
  /** |x| and what rounding may take */
  most: f32
  /** what the upper bound of a score must reach: n items score as much */
  threshold: f32
  /** takes back the 64 on top of the items' bytes */
  bias: i32
  /** how many candidates there are */
  kept: u32
  isFinite: u32
  /** the user's excluded places from the current tile on */
  excluded: usize
  excludedEnd: usize
  /** float64, the row */
  row: usize
  /** 64 bits each, n of them, see top-n-heap */
  heap: usize
  /** int32, sums of the bytes' products for the 32 items of a tile */
  sums: usize
  /** 8 bits each, zeros up to a multiple of 4 */
  bytes: usize
  /** candidates' bounds and places */
  uppers: usize
  lowers: usize
  places: usize
}

/** How many candidates a query has room for: few enough that its threshold rises soon, a tile's worth to spare. */
@inline
export function capacity(n: u32): u32 {
  return 4 * n + 32
}

/** Bytes of a query with everything it points to, as the caller reckons them too. */
@inline
export function queryBytes(factors: u32, n: u32): usize {
  return 640 + 9 * ((factors + 7) & ~7) + 56 * ((n + 1) & ~1)
}

/** Lays out a user's query; false when he gets no list as his row is zero or not finite. */
export function prepareQuery(call: TopNCall, user: u32, query: Query): bool {
  const factors = call.factors
  const slots = capacity(call.n) << 2
  query.sums = changetype<usize>(query) + 128
  query.uppers = query.sums + 128
  query.lowers = query.uppers + slots
  query.places = query.lowers + slots
  query.row = query.places + slots
  query.heap = query.row + (factors << 3)
  query.bytes = query.heap + (call.n << 3)
  query.kept = 0
  const norm = Math.sqrt(widen(call.userRows + ((user * factors) << 2), query.row, factors))
  query.isFinite = isFinite(norm)
  if (!(norm > 0) || !query.isFinite) return false
  quantise(query, factors, norm)
  query.relative = 1 / (norm * load<f64>(call.maxNorm))
  query.threshold = call.positiveOnly ? -underflow : -f32.MAX_VALUE
  query.excluded = call.excluded + (load<u32>(call.excludedFrom + (user << 2)) << 2)
  query.excludedEnd = call.excluded + (load<u32>(call.excludedFrom + (user << 2), 4) << 2)
  for (let at = query.excluded; at < query.excludedEnd; at += 4) {
    store<u32>(at, load<u32>(call.places + (load<u32>(at) << 2)))
  }
  sortAscending(query.excluded, query.excludedEnd)
  return true
}

/** Copies a row to 64 bits and gives its squared norm. */
function widen(from: usize, to: usize, factors: u32): f64 {
  let sum: f64 = 0
  for (let factor: u32 = 0; factor < factors; factor++) {
    const value = <f64>load<f32>(from + (factor << 2))
    store<f64>(to + (factor << 3), value)
    sum += value * value
  }
  return sum
}

function quantise(query: Query, factors: u32, norm: f64): void {
  let largest: f64 = 0
  for (let factor: u32 = 0; factor < factors; factor++) {
    largest = max(largest, abs(load<f64>(query.row + (factor << 3))))
  }
  const step = largest / 127
  let sum: i32 = 0
  let squares: f64 = 0
  let lost: f64 = 0
  for (let factor: u32 = 0; factor < factors; factor++) {
    const value = load<f64>(query.row + (factor << 3))
    const whole = nearest(value / step)
    store<i8>(query.bytes + factor, <i8>whole)
    sum += <i32>whole
    squares += whole * whole
    lost += (value - whole * step) * (value - whole * step)
  }
  for (let factor = factors; (factor & 3) != 0; factor++) store<i8>(query.bytes + factor, 0)
  query.bias = -64 * sum
  query.step = <f32>(step / norm)
  query.length = <f32>((step * Math.sqrt(squares)) / norm)
  query.lost = <f32>(Math.sqrt(lost) / norm + rounding)
  query.most = <f32>(1 + rounding)
}
