import { TopNCall } from './top-n-call'
import { collect, finish } from './top-n-candidates'
import { prepareQuery, Query, queryBytes } from './top-n-query'

/** Users whose queries stay in cache while the items pass by. */
const usersPerBlock: u32 = 32
/** Items whose inner products are summed side by side: eight vectors of four. */
const itemsPerTile: u32 = 32
/** Tiles that a query goes through before the next query does. */
const tilesPerVisit: u32 = 4

/** The lists of 32 users: see `topNForUsers` for what they are, `prepareItems` for why a skipped item cannot belong to one. */
export function topNBlock(parameters: usize, block: i32, scratch: usize): void {
  const call = changetype<TopNCall>(parameters)
  const stride = queryBytes(call.factors, call.n)
  const active = scratch
  const queries = scratch + ((<usize>usersPerBlock) << 2)
  const from = (<u32>block) * usersPerBlock
  const to = min(from + usersPerBlock, call.users)
  let actives: u32 = 0
  for (let user = from; user < to; user++) {
    const query = changetype<Query>(queries + <usize>(user - from) * stride)
    if (!prepareQuery(call, user, query)) continue
    store<usize>(active + (actives << 2), changetype<usize>(query))
    actives++
  }
  const tiles = (call.items + itemsPerTile - 1) / itemsPerTile
  for (let tile: u32 = 0; tile < tiles && actives > 0; tile += tilesPerVisit) {
    let kept: u32 = 0
    for (let place: u32 = 0; place < actives; place++) {
      const query = changetype<Query>(load<usize>(active + (place << 2)))
      if (!scanTiles(call, query, tile, min(tile + tilesPerVisit, tiles))) continue
      store<usize>(active + (kept << 2), changetype<usize>(query))
      kept++
    }
    actives = kept
  }
  for (let user = from; user < to; user++) {
    finish(call, changetype<Query>(queries + <usize>(user - from) * stride), user)
  }
}

/**
 * Collects those of the tiles' items whose score may reach the query's threshold: x·y <= x̂·ŷ + |x̂| |y - ŷ| + |x - x̂| |y|.
 * False when no later item can.
 */
function scanTiles(call: TopNCall, query: Query, from: u32, to: u32): bool {
  const chunks = (call.factors + 3) >> 2
  const end = query.bytes + (chunks << 2)
  let at = call.bytes + from * (chunks << 7)
  for (let tile = from; tile < to; tile++) {
    const bounds = call.tiles + tile * 12
    const norm = load<f32>(bounds, 8)
    // Norms fall and thresholds rise: what is not worth while now never will be.
    if (norm * query.most < query.threshold) return false
    let sum0 = i32x4.splat(query.bias)
    let sum1 = sum0
    let sum2 = sum0
    let sum3 = sum0
    let sum4 = sum0
    let sum5 = sum0
    let sum6 = sum0
    let sum7 = sum0
    for (let x = query.bytes; x < end; x += 4) {
      const four = v128.load32_splat(x)
      // Each pair of products fits 16 bits, so that the relaxed operation has one result everywhere.
      sum0 = i32x4.relaxed_dot_i8x16_i7x16_add_s(four, v128.load(at), sum0)
      sum1 = i32x4.relaxed_dot_i8x16_i7x16_add_s(four, v128.load(at, 16), sum1)
      sum2 = i32x4.relaxed_dot_i8x16_i7x16_add_s(four, v128.load(at, 32), sum2)
      sum3 = i32x4.relaxed_dot_i8x16_i7x16_add_s(four, v128.load(at, 48), sum3)
      sum4 = i32x4.relaxed_dot_i8x16_i7x16_add_s(four, v128.load(at, 64), sum4)
      sum5 = i32x4.relaxed_dot_i8x16_i7x16_add_s(four, v128.load(at, 80), sum5)
      sum6 = i32x4.relaxed_dot_i8x16_i7x16_add_s(four, v128.load(at, 96), sum6)
      sum7 = i32x4.relaxed_dot_i8x16_i7x16_add_s(four, v128.load(at, 112), sum7)
      at += 128
    }
    const step = query.step * load<f32>(bounds)
    const lost = query.length * load<f32>(bounds, 4) + query.lost * norm
    const least = i32x4.splat(<i32>floor((query.threshold - lost) / step))
    const most01 = i32x4.max_s(i32x4.max_s(sum0, sum1), i32x4.max_s(sum2, sum3))
    const most23 = i32x4.max_s(i32x4.max_s(sum4, sum5), i32x4.max_s(sum6, sum7))
    if (!v128.any_true(i32x4.ge_s(i32x4.max_s(most01, most23), least))) continue
    const sums = query.sums
    let reaching: u32 = reach(sums, 0, sum0, least)
    reaching |= reach(sums, 4, sum1, least)
    reaching |= reach(sums, 8, sum2, least)
    reaching |= reach(sums, 12, sum3, least)
    reaching |= reach(sums, 16, sum4, least)
    reaching |= reach(sums, 20, sum5, least)
    reaching |= reach(sums, 24, sum6, least)
    reaching |= reach(sums, 28, sum7, least)
    collect(call, query, tile, reaching, step, lost)
  }
  return true
}

/** Keeps the sums of four items and gives a bit for each that is large enough. */
@inline
function reach(sums: usize, first: u32, four: v128, least: v128): u32 {
  v128.store(sums + (first << 2), four)
  return i32x4.bitmask(i32x4.ge_s(four, least)) << first
}
