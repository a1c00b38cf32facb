import { addFour, dot, dotFour, total } from './vectors'

// The rows of one half-step of ALS. Straight twin: tests/oracles/als-rows.ts.

/** Entries whose vectors are summed in a row before the sum is added to that of the others, to keep 32 bits exact. */
const SEGMENT: usize = 512

/** Entries whose vectors are asked for before they are needed: about what the first cache holds. */
const TOUCHED: usize = 128

// Where a row's vectors stand in scratch, in rows from its beginning, as the paper names them.
const X: usize = 0
const R: usize = 1
const P: usize = 2
const AP: usize = 3
/** D + λ, and its inverse: the preconditioner. */
const DIAGONAL: usize = 4
const INVERSE: usize = 5
/** The sum of one segment. */
const PARTIAL: usize = 6
/** Zeros, to fill up a group of four. */
const ZEROS: usize = 7
const VECTORS: usize = 8

/**
 * Solves a block of rows: x of (D + λI + Σ w ŷŷᵀ) x = Σ (1 + w) ŷ over the row's entries with weight w = c - 1 > 0, by
 * conjugate gradient from zero with the preconditioner D + λI.
 * Words of parameters: floats a row takes (a multiple of 16), steps, and the addresses of: the first row of each block
 * and of the end, the rows' entries (indptr), columns, weights, λ of each row, D, the fixed side's rows, the solution.
 * Scratch: 8 rows.
 */
export function solveRowsBlock(parameters: usize, block: i32, scratch: usize): void {
  const rowBytes = load<usize>(parameters) << 2
  const steps = load<i32>(parameters, 4)
  const starts = load<usize>(parameters, 8) + (<usize>block << 2)
  const indptr = load<usize>(parameters, 12)
  const columns = load<usize>(parameters, 16)
  const values = load<usize>(parameters, 20)
  const lambdas = load<usize>(parameters, 24)
  const eigenvalues = load<usize>(parameters, 28)
  const fixed = load<usize>(parameters, 32)
  const solved = load<usize>(parameters, 36)
  memory.fill(scratch, 0, VECTORS * rowBytes)
  let lambda: f32 = -1
  const end = load<usize>(starts, 4)
  for (let row = load<usize>(starts); row < end; row++) {
    if (load<f32>(lambdas + (row << 2)) != lambda) {
      lambda = load<f32>(lambdas + (row << 2))
      prepareDiagonal(scratch, rowBytes, eigenvalues, lambda)
    }
    const entry = load<usize>(indptr + (row << 2))
    const count = load<usize>(indptr + (row << 2), 4) - entry
    const entries = columns + (entry << 2)
    solveRow(scratch, rowBytes, fixed, entries, values - columns, count, min(steps, <i32>count), solved + row * rowBytes)
  }
}

/** A direction in which the fixed side has nothing is left at zero. */
function prepareDiagonal(scratch: usize, rowBytes: usize, eigenvalues: usize, lambda: f32): void {
  const least = f32x4.splat(<f32>1e-7 * (load<f32>(eigenvalues) + lambda))
  const shift = f32x4.splat(lambda)
  const one = f32x4.splat(1)
  const diagonal = scratch + DIAGONAL * rowBytes
  const inverse = scratch + INVERSE * rowBytes
  for (let k: usize = 0; k < rowBytes; k += 16) {
    const value = f32x4.add(v128.load(eigenvalues + k), shift)
    v128.store(diagonal + k, value)
    v128.store(inverse + k, v128.and(f32x4.div(one, value), f32x4.gt(value, least)))
  }
}

/**
 * @param columns address of the row's columns; its weights stand `toValues` further
 * @param into where x goes
 */
function solveRow(
  scratch: usize,
  rowBytes: usize,
  fixed: usize,
  columns: usize,
  toValues: usize,
  count: usize,
  steps: i32,
  into: usize,
): void {
  const x = scratch + X * rowBytes
  const r = scratch + R * rowBytes
  const p = scratch + P * rowBytes
  const ap = scratch + AP * rowBytes
  const inverse = scratch + INVERSE * rowBytes
  const diagonal = scratch + DIAGONAL * rowBytes
  for (let k: usize = 0; k < rowBytes; k += 16) {
    v128.store(x + k, f32x4.splat(0))
    v128.store(r + k, f32x4.splat(0))
  }
  store<u32>(scratch + PARTIAL * rowBytes, touch(rowBytes, fixed, columns, min(count, TOUCHED)))
  addAll(scratch, rowBytes, fixed, columns, toValues, count, r, false)
  // The first direction p is the preconditioned residual z, and (D + λ) z = r.
  let sum = f32x4.splat(0)
  for (let k: usize = 0; k < rowBytes; k += 16) {
    const residual = v128.load(r + k)
    const z = f32x4.mul(residual, v128.load(inverse + k))
    v128.store(p + k, z)
    v128.store(ap + k, residual)
    sum = f32x4.add(sum, f32x4.mul(residual, z))
  }
  let rz = total(sum)
  // What is left at a millionth of the beginning is rounding, which further steps would follow astray.
  const least = <f32>1e-12 * rz
  for (let step = 1; step < steps && rz > least; step++) {
    addAll(scratch, rowBytes, fixed, columns, toValues, count, ap, true)
    const length = rz / dot(p, ap, rowBytes)
    const by = f32x4.splat(length)
    sum = f32x4.splat(0)
    for (let k: usize = 0; k < rowBytes; k += 16) {
      v128.store(x + k, f32x4.add(v128.load(x + k), f32x4.mul(by, v128.load(p + k))))
      const residual = f32x4.sub(v128.load(r + k), f32x4.mul(by, v128.load(ap + k)))
      v128.store(r + k, residual)
      sum = f32x4.add(sum, f32x4.mul(f32x4.mul(residual, residual), v128.load(inverse + k)))
    }
    const previous = rz
    rz = total(sum)
    const turn = f32x4.splat(rz / previous)
    for (let k: usize = 0; k < rowBytes; k += 16) {
      const z = f32x4.mul(v128.load(r + k), v128.load(inverse + k))
      const direction = f32x4.add(z, f32x4.mul(turn, v128.load(p + k)))
      v128.store(p + k, direction)
      v128.store(ap + k, f32x4.mul(direction, v128.load(diagonal + k)))
    }
  }
  // The last step needs its length alone: pᵀAp = pᵀ(D + λ)p + Σ w (ŷ·p)².
  let by = f32x4.splat(0)
  if (steps > 0 && rz > least) {
    const curvature = dot(p, ap, rowBytes) + productSquares(scratch, rowBytes, fixed, columns, toValues, count)
    by = f32x4.splat(rz / curvature)
  }
  for (let k: usize = 0; k < rowBytes; k += 16) {
    v128.store(into + k, f32x4.add(v128.load(x + k), f32x4.mul(by, v128.load(p + k))))
  }
}

/**
 * Reads a number of each cache line of the vectors, so that memory is asked for all of them at once rather than as their
 * turn comes: 5 % of a half-step. What it gives means nothing; it is kept so that the reads are.
 */
function touch(rowBytes: usize, fixed: usize, columns: usize, count: usize): u32 {
  let sum: u32 = 0
  for (let at = columns, end = columns + (count << 2); at < end; at += 4) {
    const y = fixed + load<usize>(at) * rowBytes
    for (let k: usize = 0; k < rowBytes; k += 256) {
      sum ^= load<u32>(y + k) ^ load<u32>(y + k, 64) ^ load<u32>(y + k, 128) ^ load<u32>(y + k, 192)
    }
  }
  return sum
}

/** Adds to `into` over all entries: w (ŷ·p) ŷ when `isProduct`, else (1 + w) ŷ where w > 0. */
function addAll(
  scratch: usize,
  rowBytes: usize,
  fixed: usize,
  columns: usize,
  toValues: usize,
  count: usize,
  into: usize,
  isProduct: bool,
): void {
  addSegment(scratch, rowBytes, fixed, columns, toValues, min(count, SEGMENT), into, isProduct)
  const partial = scratch + PARTIAL * rowBytes
  for (let entry = SEGMENT; entry < count; entry += SEGMENT) {
    memory.fill(partial, 0, rowBytes)
    const size = min(count - entry, SEGMENT)
    addSegment(scratch, rowBytes, fixed, columns + (entry << 2), toValues, size, partial, isProduct)
    for (let k: usize = 0; k < rowBytes; k += 16) {
      v128.store(into + k, f32x4.add(v128.load(into + k), v128.load(partial + k)))
    }
  }
}

function addSegment(
  scratch: usize,
  rowBytes: usize,
  fixed: usize,
  columns: usize,
  toValues: usize,
  count: usize,
  into: usize,
  isProduct: bool,
): void {
  const p = scratch + P * rowBytes
  const fours = columns + ((count & ~3) << 2)
  for (let at = columns; at < fours; at += 16) {
    const y0 = fixed + load<usize>(at) * rowBytes
    const y1 = fixed + load<usize>(at, 4) * rowBytes
    const y2 = fixed + load<usize>(at, 8) * rowBytes
    const y3 = fixed + load<usize>(at, 12) * rowBytes
    const w = v128.load(at + toValues)
    addFour(into, rowBytes, y0, y1, y2, y3, isProduct ? f32x4.mul(w, dotFour(p, rowBytes, y0, y1, y2, y3)) : confidence(w))
  }
  const left = count & 3
  if (left == 0) return
  const zeros = scratch + ZEROS * rowBytes
  const y0 = fixed + load<usize>(fours) * rowBytes
  const y1 = left > 1 ? fixed + load<usize>(fours, 4) * rowBytes : zeros
  const y2 = left > 2 ? fixed + load<usize>(fours, 8) * rowBytes : zeros
  const w = firstOf(v128.load(fours + toValues), left)
  const by = isProduct ? f32x4.mul(w, dotFour(p, rowBytes, y0, y1, y2, zeros)) : confidence(w)
  addFour(into, rowBytes, y0, y1, y2, zeros, by)
}

/** Σ w (ŷ·p)² over all entries. */
function productSquares(
  scratch: usize,
  rowBytes: usize,
  fixed: usize,
  columns: usize,
  toValues: usize,
  count: usize,
): f32 {
  const p = scratch + P * rowBytes
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
  const zeros = scratch + ZEROS * rowBytes
  const y0 = fixed + load<usize>(fours) * rowBytes
  const y1 = left > 1 ? fixed + load<usize>(fours, 4) * rowBytes : zeros
  const y2 = left > 2 ? fixed + load<usize>(fours, 8) * rowBytes : zeros
  const products = dotFour(p, rowBytes, y0, y1, y2, zeros)
  sum = f32x4.add(sum, f32x4.mul(firstOf(v128.load(fours + toValues), left), f32x4.mul(products, products)))
  return total(sum)
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
