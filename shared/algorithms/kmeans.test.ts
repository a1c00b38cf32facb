import fc from 'fast-check'
import { expect, test } from 'vitest'
import { kMeans, nearestCentroids } from './kmeans.ts'
import { gaussian, seededRandom } from './random.ts'

/** Points around each centre, in two dimensions, in turn. */
function around(centres: readonly [number, number][], each: number, spread: number): Float32Array {
  const random = seededRandom(7)
  return Float32Array.from(
    Array.from({ length: each }, () =>
      centres.flatMap(([x, y]) => [x + spread * gaussian(random), y + spread * gaussian(random)]),
    ).flat(),
  )
}

test('groups that lie apart are found, each with its mean', () => {
  const centres: [number, number][] = [
    [0, 0],
    [10, 0],
    [0, 10],
  ]
  const points = around(centres, 50, 0.5)
  const { centroids } = kMeans(points, { dimensions: 2, k: 3, seed: 1 })
  const groups = nearestCentroids(points, { centroids, dimensions: 2 })
  const numbers = centres.map((_, centre) => groups[centre])
  expect(new Set(numbers).size).toBe(3)
  expect([...groups].every((group, point) => group === numbers[point % 3])).toBe(true)
  for (const [centre, [x, y]] of centres.entries()) {
    const group = numbers[centre] ?? 0
    expect(centroids[2 * group]).toBeCloseTo(x, 0)
    expect(centroids[2 * group + 1]).toBeCloseTo(y, 0)
  }
})

test('the same seed gives the same bytes, and centroids of before keep their numbers', () => {
  const points = around(
    [
      [0, 0],
      [4, 0],
      [0, 4],
    ],
    40,
    1,
  )
  const first = kMeans(points, { dimensions: 2, k: 3, seed: 5 })
  expect(kMeans(points, { dimensions: 2, k: 3, seed: 5 })).toEqual(first)
  const again = kMeans(points, { dimensions: 2, k: 3, seed: 9, before: first.centroids })
  expect(again.centroids).toEqual(first.centroids)
})

test('a group that loses its points begins anew where a point lies farthest', () => {
  const points = Float32Array.of(0, 1, 10, 11)
  const before = Float64Array.of(5, 1000)
  const { centroids } = kMeans(points, { dimensions: 1, k: 2, seed: 1, before })
  expect([...centroids].toSorted((a, b) => a - b)).toEqual([0.5, 10.5])
})

test('points that are all alike are one group or many of distance 0', () => {
  const { inertia } = kMeans(new Float32Array(10).fill(3), { dimensions: 2, k: 4, seed: 1 })
  expect(inertia).toBe(0)
})

test('what cannot be grouped is refused', () => {
  const points = new Float32Array(6)
  expect(() => kMeans(points, { dimensions: 2, k: 4, seed: 1 })).toThrow(RangeError)
  expect(() => kMeans(points, { dimensions: 2, k: 0, seed: 1 })).toThrow(RangeError)
  expect(() => kMeans(points, { dimensions: 4, k: 1, seed: 1 })).toThrow(RangeError)
  expect(() => kMeans(points, { dimensions: 2, k: 2, seed: 1, before: new Float64Array(3) })).toThrow(RangeError)
})

test('centroids are the means of the points nearest to them, and no grouping of few points is better by much', () => {
  const anyPoints = fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 3, maxLength: 8 })
  fc.assert(
    fc.property(anyPoints, fc.integer({ min: 1, max: 3 }), (values, k) => {
      const points = Float32Array.from(values)
      const { centroids, inertia } = kMeans(points, { dimensions: 1, k, seed: 3, starts: 20 })
      const groups = nearestCentroids(points, { centroids, dimensions: 1 })
      for (let group = 0; group < k; group++) {
        const own = values.filter((_, point) => groups[point] === group)
        if (own.length > 0) expect(centroids[group]).toBeCloseTo(own.reduce((a, b) => a + b, 0) / own.length, 9)
      }
      // Lloyd's iteration ends where no point moves, which is not always the best of all: 1 case in some 2,000 is a few percent off.
      expect(inertia).toBeLessThanOrEqual(1.25 * leastInertia(values, k) + 1e-6)
    }),
    { examples: [[[11, 6, 5, 3, 17, 7, 0], 3]] },
  )
})

/** The straight version: every way to deal points out to k groups. */
function leastInertia(values: readonly number[], k: number): number {
  let least = Number.POSITIVE_INFINITY
  for (let dealt = 0; dealt < k ** values.length; dealt++) {
    const groups: number[][] = Array.from({ length: k }, () => [])
    for (const [point, value] of values.entries()) groups[Math.floor(dealt / k ** point) % k]?.push(value)
    const inertia = groups.reduce((sum, own) => {
      const mean = own.reduce((a, b) => a + b, 0) / own.length
      return sum + own.reduce((squares, value) => squares + (value - mean) ** 2, 0)
    }, 0)
    least = Math.min(least, inertia)
  }
  return least
}
