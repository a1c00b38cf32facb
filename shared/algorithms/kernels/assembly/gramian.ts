// The Gramian XᵀX of blocks of rows. Straight twin: shared/algorithms/gramian.ts.

/** Rows whose products are summed in 32 bits before they are added to the 64-bit sums. */
const STRIPE: usize = 128

/**
 * Writes the upper triangle of XᵀX of one block of rows, summed in 64 bits from 32-bit sums of 128 rows each.
 * Words of parameters: rows (address), number of rows, floats a row takes (a multiple of 8), factors (the triangle's
 * side), rows per block, into (address of doubles, factors (factors + 1) / 2 for each block).
 * Scratch: stride² doubles.
 */
export function gramianBlock(parameters: usize, block: i32, scratch: usize): void {
  const values = load<usize>(parameters)
  const total = load<usize>(parameters, 4)
  const stride = load<usize>(parameters, 8)
  const factors = load<usize>(parameters, 12)
  const blockRows = load<usize>(parameters, 16)
  const triangleBytes = (factors * (factors + 1)) << 2
  const into = load<usize>(parameters, 20) + <usize>block * triangleBytes
  const first = <usize>block * blockRows
  const end = min(first + blockRows, total)
  memory.fill(scratch, 0, (stride * stride) << 3)
  for (let row = first; row < end; row += STRIPE) {
    addStripe(values + ((row * stride) << 2), min(STRIPE, end - row), stride, scratch)
  }
  let target = into
  for (let a: usize = 0; a < factors; a++) {
    const bytes = (factors - a) << 3
    memory.copy(target, scratch + ((a * stride + a) << 3), bytes)
    target += bytes
  }
}

/** Adds the products of some rows to `sums`, in tiles of 4 x 8 that stay in registers over all rows. */
function addStripe(rows: usize, count: usize, stride: usize, sums: usize): void {
  for (let a: usize = 0; a < stride; a += 4) {
    for (let b = a & ~7; b < stride; b += 8) addTile(rows, count, stride, a, b, sums)
  }
}

function addTile(rows: usize, count: usize, stride: usize, a: usize, b: usize, sums: usize): void {
  const rowBytes = stride << 2
  const end = rows + count * rowBytes
  const toB = (b - a) << 2
  let c00 = f32x4.splat(0)
  let c01 = f32x4.splat(0)
  let c10 = f32x4.splat(0)
  let c11 = f32x4.splat(0)
  let c20 = f32x4.splat(0)
  let c21 = f32x4.splat(0)
  let c30 = f32x4.splat(0)
  let c31 = f32x4.splat(0)
  for (let at = rows + (a << 2); at < end; at += rowBytes) {
    const low = v128.load(at + toB)
    const high = v128.load(at + toB, 16)
    const x0 = v128.load32_splat(at)
    c00 = f32x4.add(c00, f32x4.mul(x0, low))
    c01 = f32x4.add(c01, f32x4.mul(x0, high))
    const x1 = v128.load32_splat(at, 4)
    c10 = f32x4.add(c10, f32x4.mul(x1, low))
    c11 = f32x4.add(c11, f32x4.mul(x1, high))
    const x2 = v128.load32_splat(at, 8)
    c20 = f32x4.add(c20, f32x4.mul(x2, low))
    c21 = f32x4.add(c21, f32x4.mul(x2, high))
    const x3 = v128.load32_splat(at, 12)
    c30 = f32x4.add(c30, f32x4.mul(x3, low))
    c31 = f32x4.add(c31, f32x4.mul(x3, high))
  }
  const into = sums + ((a * stride + b) << 3)
  const step = stride << 3
  addPromoted(into, c00, c01)
  addPromoted(into + step, c10, c11)
  addPromoted(into + 2 * step, c20, c21)
  addPromoted(into + 3 * step, c30, c31)
}

// @ts-ignore: decorator
@inline
function addPromoted(into: usize, low: v128, high: v128): void {
  v128.store(into, f64x2.add(v128.load(into), f64x2.promote_low_f32x4(low)))
  v128.store(into, f64x2.add(v128.load(into, 16), f64x2.promote_low_f32x4(upperHalf(low))), 16)
  v128.store(into, f64x2.add(v128.load(into, 32), f64x2.promote_low_f32x4(high)), 32)
  v128.store(into, f64x2.add(v128.load(into, 48), f64x2.promote_low_f32x4(upperHalf(high))), 48)
}

// @ts-ignore: decorator
@inline
function upperHalf(vector: v128): v128 {
  return i64x2.shuffle(vector, vector, 1, 1)
}
