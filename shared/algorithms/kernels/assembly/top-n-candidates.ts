import { dot64 } from './dot64'
import { TopNCall } from './top-n-call'
import { drain, itemOf, offer, scoreOf } from './top-n-heap'
import { capacity, Query, rounding, underflow } from './top-n-query'

const itemsPerTile: u32 = 32
/** Halvings of the interval in which the threshold is looked for. */
const halvings = 8
/** Candidates whose rows are asked for together. */
const rowsAhead: u32 = 16
const cacheLine: u32 = 64

/** Adds a tile's reaching items that are not excluded to the candidates, in order of their places. */
export function collect(call: TopNCall, query: Query, tile: u32, reaching: u32, step: f32, lost: f32): void {
  const first = tile * itemsPerTile
  let left = reaching
  if (call.items - first < itemsPerTile) left &= (1 << (call.items - first)) - 1
  for (; query.excluded < query.excludedEnd; query.excluded += 4) {
    const place = load<u32>(query.excluded)
    if (place >= first + itemsPerTile) break
    if (place >= first) left &= ~(1 << (place - first))
  }
  for (; left != 0; left &= left - 1) {
    const inTile = ctz(left)
    const product = <f32>load<i32>(query.sums + (inTile << 2)) * step
    keep(query, query.kept, first + inTile, product - lost, product + lost)
    query.kept++
  }
  if (query.kept > capacity(call.n) - itemsPerTile) makeRoom(call, query)
}

/** Writes a user's list and its length. */
export function finish(call: TopNCall, query: Query, user: u32): void {
  dropHopeless(call, query)
  const found = user * call.n
  const count = chooseBest(call, query)
  drain(query.heap, count, call.foundItems + (found << 2), call.foundScores + (found << 2))
  store<u32>(call.counts + (user << 2), query.isFinite ? count : u32.MAX_VALUE)
}

@inline
function keep(query: Query, slot: u32, place: u32, lower: f32, upper: f32): void {
  store<f32>(query.lowers + (slot << 2), lower)
  store<f32>(query.uppers + (slot << 2), upper)
  store<u32>(query.places + (slot << 2), place)
}

function makeRoom(call: TopNCall, query: Query): void {
  dropHopeless(call, query)
  // Only near ties can leave so many.
  if (query.kept > capacity(call.n) - itemsPerTile) keepBest(call, query)
}

/** Raises the threshold and drops the candidates that cannot reach it any more. */
function dropHopeless(call: TopNCall, query: Query): void {
  raiseThreshold(call, query)
  let kept: u32 = 0
  for (let slot: u32 = 0; slot < query.kept; slot++) {
    const upper = load<f32>(query.uppers + (slot << 2))
    keep(query, kept, load<u32>(query.places + (slot << 2)), load<f32>(query.lowers + (slot << 2)), upper)
    kept += u32(upper >= query.threshold)
  }
  query.kept = kept
}

/** Moves the threshold up to where n candidates' lower bounds still reach it, within a 256th of their spread. */
function raiseThreshold(call: TopNCall, query: Query): void {
  const kept = query.kept
  if (kept < call.n) return
  for (let slot = kept; (slot & 3) != 0; slot++) store<f32>(query.lowers + (slot << 2), -f32.MAX_VALUE)
  let low = f32.MAX_VALUE
  let high = -f32.MAX_VALUE
  for (let slot: u32 = 0; slot < kept; slot++) {
    low = min(low, load<f32>(query.lowers + (slot << 2)))
    high = max(high, load<f32>(query.lowers + (slot << 2)))
  }
  for (let halving = 0; halving < halvings; halving++) {
    const middle = low + (high - low) * 0.5
    if (reaching(query.lowers, kept, middle) >= call.n) low = middle
    else high = middle
  }
  // Scores beyond the largest finite one are all infinite, and equal.
  const finite = <f32>(<f64>f32.MAX_VALUE * query.relative)
  if (low >= -finite) query.threshold = max(query.threshold, min(low, finite))
}

/** How many values are `least` or more; whole vectors are read. */
function reaching(values: usize, count: u32, least: f32): u32 {
  const bound = f32x4.splat(least)
  let counts = i32x4.splat(0)
  for (let at: usize = 0; at < (count << 2); at += 16) {
    counts = i32x4.sub(counts, f32x4.ge(v128.load(values + at), bound))
  }
  return (
    i32x4.extract_lane(counts, 0) +
    i32x4.extract_lane(counts, 1) +
    i32x4.extract_lane(counts, 2) +
    i32x4.extract_lane(counts, 3)
  )
}

/** Scores the candidates, puts the n best on the heap and gives how many they are. */
function chooseBest(call: TopNCall, query: Query): u32 {
  const factors = call.factors
  let count: u32 = 0
  for (let slot: u32 = 0; slot < query.kept; slot++) {
    if (slot % rowsAhead == 0) touchRows(call, query, slot, min(slot + rowsAhead, query.kept))
    const place = load<u32>(query.places + (slot << 2))
    // Adding 0 makes one zero of both.
    const score = <f32>dot64(query.row, call.rows + ((place * factors) << 2), factors) + <f32>0
    if (call.positiveOnly && score <= 0) continue
    count = offer(query.heap, count, call.n, score, load<u32>(call.ids + (place << 2)))
  }
  return count
}

/** Asks for the rows of some candidates at once, as each alone would wait for memory. */
function touchRows(call: TopNCall, query: Query, from: u32, to: u32): void {
  const bytes = call.factors << 2
  let touched: u32 = 0
  for (let slot = from; slot < to; slot++) {
    const row = call.rows + load<u32>(query.places + (slot << 2)) * bytes
    for (let at: u32 = 0; at < bytes; at += cacheLine) touched |= load<u32>(row + at)
  }
  // Written so that the loads are not left out.
  store<u32>(query.sums, touched)
}

/** Drops all but the n best candidates, ties by the item's number. */
function keepBest(call: TopNCall, query: Query): void {
  const count = chooseBest(call, query)
  for (let slot: u32 = 0; slot < count; slot++) {
    const pair = load<u64>(query.heap + (slot << 3))
    // The largest finite one stands for an infinite score.
    const score = max(min(<f64>scoreOf(pair), <f64>f32.MAX_VALUE), <f64>-f32.MAX_VALUE)
    const relative = <f32>(score * query.relative)
    const slack = abs(relative) * <f32>rounding + underflow
    keep(query, slot, load<u32>(call.places + (itemOf(pair) << 2)), relative - slack, relative + slack)
  }
  query.kept = count
}
