import { dot } from './dot.ts'
import type { Workspace } from './kernels/workspace.ts'

const itemsPerTile = 32
/** Factors that one operation multiplies and adds. */
const factorsPerChunk = 4
/** A quantised number is from -63 to 63, stored with 64 on top. */
const quantisedMax = 63
const quantisedZero = 64
const tilesPerStep = 128

/** Items as the top-n kernel reads them, in the workspace: in order of falling norm, beside their numbers outside. */
export interface PreparedItems {
  items: number
  factors: number
  /** shape (items, factors) */
  rows: Float32Array
  /** The item at each place. */
  ids: Uint32Array
  /** The place of each item. */
  places: Uint32Array
  /** One byte a number; by tiles of 32 items, in them by four factors, in those by item. */
  bytes: Uint8Array
  /** For each tile the step of its bytes, what they lost at most and its largest norm, all by the largest norm of all. */
  tiles: Float32Array
  /** The largest norm of all; 1 when all rows are zero. */
  maxNorm: Float64Array
}

/**
 * Lays out item factors in the workspace for `topNForUsers`. The inner product of the quantised rows bounds the true one,
 * x·y = x̂·ŷ + x̂·(y - ŷ) + (x - x̂)·y ≤ x̂·ŷ + |x̂| |y - ŷ| + |x - x̂| |y|, and falling norms let a whole block be skipped.
 * Source: Cauchy-Schwarz; the order is that of Teflioudi, Gemulla, Mykytiuk, SIGMOD 2015 (LEMP), section 3.
 * @param options itemFactors has shape (items, factors), row-major
 * @throws RangeError when factors is not an integer ≥ 1 that divides the numbers, or a number is not finite
 */
export function prepareItems(
  workspace: Workspace,
  options: { itemFactors: Float32Array; factors: number },
): PreparedItems {
  const steps = itemsInSteps(workspace, options)
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}

/** The inner product of a query with one item's row, in 64 bits: what the kernel gives before it keeps 32. */
export function dotRow(query: Float64Array, { rows, places, factors }: PreparedItems, item: number): number {
  return dot(query, 0, rows, places[item]! * factors, factors)
}

/** What `prepareItems` does, in steps of some milliseconds each: whoever serves lists meanwhile pauses between them. */
export function* itemsInSteps(
  workspace: Workspace,
  { itemFactors, factors }: { itemFactors: Float32Array; factors: number },
): Generator<undefined, PreparedItems> {
  if (!Number.isInteger(factors) || factors < 1 || itemFactors.length % factors !== 0) {
    throw new RangeError(
      `Cannot prepare items as factors must be an integer ≥ 1 that divides ${itemFactors.length}: current value is ${factors}`,
    )
  }
  const items = itemFactors.length / factors
  const norms = rowNorms(itemFactors, factors)
  yield
  const order = Uint32Array.from(norms.keys()).sort((a, b) => norms[b]! - norms[a]! || a - b)
  yield
  const tiles = Math.ceil(items / itemsPerTile)
  const prepared: PreparedItems = {
    items,
    factors,
    rows: workspace.float32(items * factors),
    ids: workspace.uint32(items),
    places: workspace.uint32(items),
    bytes: workspace.uint8(tiles * itemsPerTile * Math.ceil(factors / factorsPerChunk) * factorsPerChunk),
    tiles: workspace.float32(tiles * 3),
    maxNorm: workspace.float64(1),
  }
  const maxNorm = norms[order[0] ?? 0] || 1
  prepared.maxNorm[0] = maxNorm
  prepared.ids.set(order)
  for (let tile = 0; tile < tiles; tile++) {
    if (tile % tilesPerStep === tilesPerStep - 1) yield
    const first = tile * itemsPerTile
    for (let place = first; place < Math.min(items, first + itemsPerTile); place++) {
      const item = order[place]!
      prepared.places[item] = place
      prepared.rows.set(itemFactors.subarray(item * factors, (item + 1) * factors), place * factors)
    }
    const { step, lost } = quantise(prepared, tile)
    prepared.tiles.set([step / maxNorm, lost / maxNorm, norms[order[first]!]! / maxNorm], tile * 3)
  }
  return prepared
}

/** Writes the bytes of a tile's rows and gives their step and the norm of what a row lost at most. */
function quantise({ items, factors, rows, bytes }: PreparedItems, tile: number): { step: number; lost: number } {
  const first = tile * itemsPerTile
  const end = Math.min(items, first + itemsPerTile)
  let largest = 0
  for (let at = first * factors; at < end * factors; at++) largest = Math.max(largest, Math.abs(rows[at]!))
  const step = largest / quantisedMax
  const tileAt = first * Math.ceil(factors / factorsPerChunk) * factorsPerChunk
  let lost = 0
  for (let place = first; place < end; place++) {
    let squares = 0
    for (let factor = 0; factor < factors; factor++) {
      const value = rows[place * factors + factor]!
      const whole = step === 0 ? 0 : Math.round(value / step)
      const inChunk = factor % factorsPerChunk
      const at = tileAt + (factor - inChunk) * itemsPerTile + (place - first) * factorsPerChunk + inChunk
      bytes[at] = whole + quantisedZero
      squares += (value - whole * step) ** 2
    }
    lost = Math.max(lost, Math.sqrt(squares))
  }
  return { step, lost }
}

function rowNorms(rows: Float32Array, factors: number): Float64Array {
  const norms = new Float64Array(rows.length / factors)
  for (let row = 0; row < norms.length; row++) {
    let sum = 0
    for (let factor = 0; factor < factors; factor++) sum += rows[row * factors + factor]! ** 2
    norms[row] = Math.sqrt(sum)
    if (Number.isFinite(sum)) continue
    const value = rows.subarray(row * factors, (row + 1) * factors).find(number => !Number.isFinite(number))
    throw new RangeError(`Cannot prepare items as the factors of item ${row} must be finite: current value is ${value}`)
  }
  return norms
}
