import { addFour, addTwo, apart, dotFour, dotTwo, total } from './vectors'

// Sums over a row's entries: vectors y of the fixed side with weights w = c - 1. Vectors of scratch are in groups of
// four, see `apart`. What is left of fours goes in a pair, or in a four with one vector twice, the second time at no
// weight.

/** Entries whose vectors are summed in a row before the sum is added to that of the others, to keep 32 bits exact. */
const SEGMENT: usize = 512

/**
 * Adds to `into` over all entries w (ŷ·p) ŷ, and gives Σ w (ŷ·p)²; or, when `isProduct` is not set, adds (1 + w) ŷ where
 * w > 0.
 * @param columns address of the row's columns; its weights stand `toValues` further
 * @param partial room for the sum of a segment
 */
export function addAll(
  into: usize,
  partial: usize,
  p: usize,
  rowBytes: usize,
  fixed: usize,
  columns: usize,
  toValues: usize,
  count: usize,
  isProduct: bool,
): f32 {
  let squares = addSegment(into, p, rowBytes, fixed, columns, toValues, min(count, SEGMENT), isProduct)
  for (let entry = SEGMENT; entry < count; entry += SEGMENT) {
    for (let k: usize = 0; k < rowBytes; k += 16) v128.store(partial + apart(k), f32x4.splat(0))
    const size = min(count - entry, SEGMENT)
    const from = columns + (entry << 2)
    squares = f32x4.add(squares, addSegment(partial, p, rowBytes, fixed, from, toValues, size, isProduct))
    for (let k: usize = 0; k < rowBytes; k += 16) {
      const to = into + apart(k)
      v128.store(to, f32x4.add(v128.load(to), v128.load(partial + apart(k))))
    }
  }
  return total(squares)
}

function addSegment(
  into: usize,
  p: usize,
  rowBytes: usize,
  fixed: usize,
  columns: usize,
  toValues: usize,
  count: usize,
  isProduct: bool,
): v128 {
  const fours = columns + ((count & ~3) << 2)
  let squares = f32x4.splat(0)
  for (let at = columns; at < fours; at += 16) {
    const y0 = fixed + load<usize>(at) * rowBytes
    const y1 = fixed + load<usize>(at, 4) * rowBytes
    const y2 = fixed + load<usize>(at, 8) * rowBytes
    const y3 = fixed + load<usize>(at, 12) * rowBytes
    const w = v128.load(at + toValues)
    let by = confidence(w)
    if (isProduct) {
      const products = dotFour(p, rowBytes, y0, y1, y2, y3)
      by = f32x4.mul(w, products)
      squares = f32x4.add(squares, f32x4.mul(by, products))
    }
    addFour(into, rowBytes, y0, y1, y2, y3, by)
  }
  const left = count & 3
  if (left == 0) return squares
  const w = firstOf(v128.load(fours + toValues), left)
  let by = confidence(w)
  const y0 = fixed + load<usize>(fours) * rowBytes
  const y1 = left > 1 ? fixed + load<usize>(fours, 4) * rowBytes : y0
  if (left < 3) {
    if (isProduct) {
      const products = dotTwo(p, rowBytes, y0, y1)
      by = f32x4.mul(w, products)
      squares = f32x4.add(squares, f32x4.mul(by, products))
    }
    addTwo(into, rowBytes, y0, y1, by)
    return squares
  }
  const y2 = fixed + load<usize>(fours, 8) * rowBytes
  if (isProduct) {
    const products = dotFour(p, rowBytes, y0, y1, y2, y2)
    by = f32x4.mul(w, products)
    squares = f32x4.add(squares, f32x4.mul(by, products))
  }
  addFour(into, rowBytes, y0, y1, y2, y2, by)
  return squares
}

/** Σ w (ŷ·p)² over all entries. */
export function productSquares(
  p: usize,
  rowBytes: usize,
  fixed: usize,
  columns: usize,
  toValues: usize,
  count: usize,
): f32 {
  const fours = columns + ((count & ~3) << 2)
  let sum = f32x4.splat(0)
  for (let at = columns; at < fours; at += 16) {
    const y0 = fixed + load<usize>(at) * rowBytes
    const y1 = fixed + load<usize>(at, 4) * rowBytes
    const y2 = fixed + load<usize>(at, 8) * rowBytes
    const y3 = fixed + load<usize>(at, 12) * rowBytes
    const products = dotFour(p, rowBytes, y0, y1, y2, y3)
    sum = f32x4.add(sum, f32x4.mul(v128.load(at + toValues), f32x4.mul(products, products)))
  }
  const left = count & 3
  if (left == 0) return total(sum)
  const y0 = fixed + load<usize>(fours) * rowBytes
  const y1 = left > 1 ? fixed + load<usize>(fours, 4) * rowBytes : y0
  let products = f32x4.splat(0)
  if (left < 3) products = dotTwo(p, rowBytes, y0, y1)
  else {
    const y2 = fixed + load<usize>(fours, 8) * rowBytes
    products = dotFour(p, rowBytes, y0, y1, y2, y2)
  }
  const w = firstOf(v128.load(fours + toValues), left)
  return total(f32x4.add(sum, f32x4.mul(w, f32x4.mul(products, products))))
}

/** The weights of the row's own entries; what stands behind them in memory counts for nothing. */
// @ts-ignore: decorator
@inline
function firstOf(w: v128, left: usize): v128 {
  return v128.and(w, i32x4.gt_u(i32x4.splat(<i32>left), i32x4(0, 1, 2, 3)))
}

/** c = 1 + w where w > 0, else 0: the preference of an entry without strength is 0. */
// @ts-ignore: decorator
@inline
function confidence(w: v128): v128 {
  return v128.and(f32x4.add(f32x4.splat(1), w), f32x4.gt(w, f32x4.splat(0)))
}
