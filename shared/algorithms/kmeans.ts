import { type Random, seededRandom } from './random.ts'

/** Points in groups around their means. */
interface Clusters {
  /** shape (k, dimensions) */
  centroids: Float64Array
  /** Sum of squared distances of points to their centroids. */
  inertia: number
  iterations: number
}

interface KMeansOptions {
  dimensions: number
  k: number
  seed: number
  iterationsMax?: number
  /** Beginnings tried; the one that ends with the least inertia is taken, the first on ties. */
  starts?: number
  /** Centroids to begin with instead, shape (k, dimensions): groups keep their numbers while points move a little. */
  before?: Float64Array
}

/**
 * Lloyd's iteration from k-means++ beginnings until no point changes its group. A group that loses all its points begins
 * anew at the point farthest from its centroid. The same seed gives the same bytes.
 * Source: Lloyd, IEEE Trans. Inf. Theory 1982; Arthur, Vassilvitskii, "k-means++", SODA 2007.
 * @param points shape (points, dimensions), row-major, finite
 * @throws RangeError when k is not from 1 to the number of points, or a shape does not fit
 */
export function kMeans(points: Float32Array, options: KMeansOptions): Clusters {
  const { dimensions, k, seed, starts = 4, before } = options
  const count = points.length / dimensions
  if (!Number.isInteger(count)) {
    throw new RangeError(
      `Cannot group points as dimensions must divide ${points.length}: current value is ${dimensions}`,
    )
  }
  if (!Number.isInteger(k) || k < 1 || k > count) {
    throw new RangeError(`Cannot group points as k must be an integer from 1 to ${count}: current value is ${k}`)
  }
  if (before && before.length !== k * dimensions) {
    throw new RangeError(`Cannot group points as before must have ${k * dimensions} numbers: it has ${before.length}`)
  }
  if (before) return iterate(points, before.slice(), options)
  const random = seededRandom(seed)
  let best: Clusters | undefined
  for (let start = 0; start < starts; start++) {
    const found = iterate(points, spreadOut(points, options, random), options)
    if (!best || found.inertia < best.inertia) best = found
  }
  if (!best) throw new RangeError(`Cannot group points as starts must be 1 or more: current value is ${starts}`)
  return best
}

/** The group of the nearest centroid for each point, the lower number on ties; squared distances go into `distances`. */
export function nearestCentroids(
  points: Float32Array,
  { centroids, dimensions }: { centroids: Float64Array; dimensions: number },
  distances?: Float64Array,
): Uint32Array {
  const groups = new Uint32Array(points.length / dimensions)
  const k = centroids.length / dimensions
  for (let point = 0; point < groups.length; point++) {
    let nearest = Number.POSITIVE_INFINITY
    for (let group = 0; group < k; group++) {
      const distance = squaredDistance(points, point, centroids, group, dimensions)
      if (distance >= nearest) continue
      nearest = distance
      groups[point] = group
    }
    if (distances) distances[point] = nearest
  }
  return groups
}

function iterate(points: Float32Array, centroids: Float64Array, options: KMeansOptions): Clusters {
  const { dimensions, iterationsMax = 100 } = options
  const distances = new Float64Array(points.length / dimensions)
  let groups = nearestCentroids(points, { centroids, dimensions }, distances)
  let iterations = 0
  for (let moved = true; moved && iterations < iterationsMax; iterations++) {
    moveToMeans(points, { centroids, dimensions, groups, distances })
    const next = nearestCentroids(points, { centroids, dimensions }, distances)
    moved = next.some((group, point) => group !== groups[point])
    groups = next
  }
  return { centroids, inertia: distances.reduce((sum, distance) => sum + distance, 0), iterations }
}

function moveToMeans(
  points: Float32Array,
  of: { centroids: Float64Array; dimensions: number; groups: Uint32Array; distances: Float64Array },
): void {
  const { centroids, dimensions, groups, distances } = of
  const sizes = new Float64Array(centroids.length / dimensions)
  centroids.fill(0)
  for (let point = 0; point < groups.length; point++) {
    const group = groups[point]!
    sizes[group]! += 1
    for (let at = 0; at < dimensions; at++) centroids[group * dimensions + at]! += points[point * dimensions + at]!
  }
  for (let group = 0; group < sizes.length; group++) {
    if (sizes[group] === 0) {
      const farthest = indexOfMost(distances)
      distances[farthest] = 0
      copyPoint(points, farthest, centroids, group, dimensions)
      continue
    }
    for (let at = 0; at < dimensions; at++) centroids[group * dimensions + at]! /= sizes[group]!
  }
}

/** k-means++: each further centroid is a point, by the square of its distance to the nearest centroid so far. */
function spreadOut(points: Float32Array, { dimensions, k }: KMeansOptions, random: Random): Float64Array {
  const count = points.length / dimensions
  const centroids = new Float64Array(k * dimensions)
  const nearest = new Float64Array(count).fill(Number.POSITIVE_INFINITY)
  let chosen = Math.floor(random() * count)
  for (let group = 0; group < k; group++) {
    copyPoint(points, chosen, centroids, group, dimensions)
    let total = 0
    for (let point = 0; point < count; point++) {
      nearest[point] = Math.min(nearest[point]!, squaredDistance(points, point, centroids, group, dimensions))
      total += nearest[point]!
    }
    let left = random() * total
    chosen = 0
    while (chosen < count - 1 && left >= nearest[chosen]!) {
      left -= nearest[chosen]!
      chosen += 1
    }
  }
  return centroids
}

function squaredDistance(
  points: Float32Array,
  point: number,
  centroids: Float64Array,
  group: number,
  dimensions: number,
) {
  let sum = 0
  for (let at = 0; at < dimensions; at++) {
    const difference = points[point * dimensions + at]! - centroids[group * dimensions + at]!
    sum += difference * difference
  }
  return sum
}

function copyPoint(points: Float32Array, point: number, into: Float64Array, group: number, dimensions: number): void {
  into.set(points.subarray(point * dimensions, (point + 1) * dimensions), group * dimensions)
}

function indexOfMost(numbers: Float64Array): number {
  let most = 0
  for (let index = 1; index < numbers.length; index++) if (numbers[index]! > numbers[most]!) most = index
  return most
}
