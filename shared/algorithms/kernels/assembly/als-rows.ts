import { addAll, productSquares } from './als-entries'
import { apart, total } from './vectors'

// The rows of one half-step of ALS. Straight twin: tests/oracles/als-rows.ts.

/** Entries whose vectors are asked for before they are needed: about what the first cache holds. */
const TOUCHED: usize = 128

// Where in a group of scratch a row's vectors stand, as the paper names them; see `apart`.
const X: usize = 0
const R: usize = 16
const P: usize = 32
const AP: usize = 48
/** M = D + λ, and its inverse: the preconditioner. */
const DIAGONAL: usize = 64
const INVERSE: usize = 80
/** The sum of one segment. */
const PARTIAL: usize = 96
/** What `touch` read. */
const READ: usize = 112

/**
 * Solves a block of rows: x of (D + λI + Σ w ŷŷᵀ) x = Σ (1 + w) ŷ over the row's entries with weight w = c - 1 > 0, by
 * conjugate gradient from zero with the preconditioner D + λI.
 * Words of parameters: floats a row takes (a multiple of 16), steps, and the addresses of: the first row of each block
 * and of the end, the rows' entries (indptr), columns, weights, λ of each row, D, the fixed side's rows, the solution.
 * Scratch: 8 rows, see `apart`.
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
  for (let k: usize = 0; k < rowBytes; k += 16) {
    const value = f32x4.add(v128.load(eigenvalues + k), shift)
    const at = scratch + apart(k)
    v128.store(at, value, DIAGONAL)
    v128.store(at, v128.and(f32x4.div(one, value), f32x4.gt(value, least)), INVERSE)
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
  const end = scratch + apart(rowBytes)
  const r = scratch + R
  const p = scratch + P
  const ap = scratch + AP
  const partial = scratch + PARTIAL
  for (let at = r; at < end; at += 512) {
    v128.store(at, f32x4.splat(0), 0)
    v128.store(at, f32x4.splat(0), 128)
    v128.store(at, f32x4.splat(0), 256)
    v128.store(at, f32x4.splat(0), 384)
  }
  store<u32>(scratch, touch(rowBytes, fixed, columns, min(count, TOUCHED)), READ)
  addAll(r, partial, p, rowBytes, fixed, columns, toValues, count, false)
  let rz = begin(scratch, end)
  // pᵀAp = pᵀMp + Σ w (ŷ·p)², and p begins as M⁻¹r.
  let pmp = rz
  // What is left at a millionth of the beginning is rounding, which further steps would follow astray.
  const least = <f32>1e-12 * rz
  for (let step = 1; step < steps && rz > least; step++) {
    const length = rz / (pmp + addAll(ap, partial, p, rowBytes, fixed, columns, toValues, count, true))
    const previous = rz
    rz = leave(scratch, end, f32x4.splat(length))
    pmp = turn(scratch, end, f32x4.splat(length), f32x4.splat(rz / previous))
  }
  // The last step needs its length alone.
  let by = f32x4.splat(0)
  if (steps > 0 && rz > least) {
    by = f32x4.splat(rz / (pmp + productSquares(p, rowBytes, fixed, columns, toValues, count)))
  }
  for (let k: usize = 0; k < rowBytes; k += 64) {
    const at = scratch + apart(k)
    const to = into + k
    v128.store(to, stepped(at, by), 0)
    v128.store(to, stepped(at + 128, by), 16)
    v128.store(to, stepped(at + 256, by), 32)
    v128.store(to, stepped(at + 384, by), 48)
  }
}

/** The first direction p = M⁻¹r, M p in the place of A p, and x = 0; gives rᵀM⁻¹r. */
function begin(scratch: usize, end: usize): f32 {
  let even = f32x4.splat(0)
  let odd = f32x4.splat(0)
  for (let at = scratch; at < end; at += 512) {
    even = f32x4.add(even, begun(at))
    odd = f32x4.add(odd, begun(at + 128))
    even = f32x4.add(even, begun(at + 256))
    odd = f32x4.add(odd, begun(at + 384))
  }
  return total(f32x4.add(even, odd))
}

// @ts-ignore: decorator
@inline
function begun(at: usize): v128 {
  const r = v128.load(at, R)
  const p = f32x4.mul(r, v128.load(at, INVERSE))
  v128.store(at, p, P)
  v128.store(at, r, AP)
  v128.store(at, f32x4.splat(0), X)
  return f32x4.mul(r, p)
}

/** What a step of this length leaves, r -= length A p; gives rᵀM⁻¹r. */
function leave(scratch: usize, end: usize, length: v128): f32 {
  let even = f32x4.splat(0)
  let odd = f32x4.splat(0)
  for (let at = scratch; at < end; at += 512) {
    even = f32x4.add(even, left(at, length))
    odd = f32x4.add(odd, left(at + 128, length))
    even = f32x4.add(even, left(at + 256, length))
    odd = f32x4.add(odd, left(at + 384, length))
  }
  return total(f32x4.add(even, odd))
}

// @ts-ignore: decorator
@inline
function left(at: usize, length: v128): v128 {
  const r = f32x4.sub(v128.load(at, R), f32x4.mul(length, v128.load(at, AP)))
  v128.store(at, r, R)
  return f32x4.mul(f32x4.mul(r, r), v128.load(at, INVERSE))
}

/** Takes the step, x += length p, and turns p to M⁻¹r + by p, with M p in the place of A p; gives pᵀMp. */
function turn(scratch: usize, end: usize, length: v128, by: v128): f32 {
  let even = f32x4.splat(0)
  let odd = f32x4.splat(0)
  for (let at = scratch; at < end; at += 512) {
    even = f32x4.add(even, turned(at, length, by))
    odd = f32x4.add(odd, turned(at + 128, length, by))
    even = f32x4.add(even, turned(at + 256, length, by))
    odd = f32x4.add(odd, turned(at + 384, length, by))
  }
  return total(f32x4.add(even, odd))
}

// @ts-ignore: decorator
@inline
function turned(at: usize, length: v128, by: v128): v128 {
  v128.store(at, stepped(at, length), X)
  const z = f32x4.mul(v128.load(at, R), v128.load(at, INVERSE))
  const p = f32x4.add(z, f32x4.mul(by, v128.load(at, P)))
  const mp = f32x4.mul(p, v128.load(at, DIAGONAL))
  v128.store(at, p, P)
  v128.store(at, mp, AP)
  return f32x4.mul(p, mp)
}

/** x + length p */
// @ts-ignore: decorator
@inline
function stepped(at: usize, length: v128): v128 {
  return f32x4.add(v128.load(at, X), f32x4.mul(length, v128.load(at, P)))
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
