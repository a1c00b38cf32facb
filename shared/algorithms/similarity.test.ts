import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { straightTopN } from '../../tests/oracles/top-n.ts'
import { csrFromTriples } from './csr.ts'
import { dot } from './dot.ts'
import { Workspace } from './kernels/workspace.ts'
import { gaussian, seededRandom } from './random.ts'
import { coPurchaseNeighbours, cosineNeighbours, type Neighbours, prepareDirections } from './similarity.ts'

const workspace = new Workspace({ threads: 1 })

describe('cosineNeighbours()', () => {
  // Items 0 and 1 point the same way, 2 at 45 degrees to them, 3 opposite, 4 is unknown.
  const itemFactors = Float32Array.of(1, 0, 5, 0, 1, 1, -2, 0, 0, 0)
  const all = { items: prepareDirections(workspace, { itemFactors, factors: 2 }), k: 3, from: 0, to: 5 }

  test('ranks by direction, not by length, and leaves out itself, opposites and zero rows', async () => {
    const neighbours = await cosineNeighbours(workspace, all)
    expect(listOf(neighbours, 0)).toEqual([
      [1, 1],
      [2, expect.closeTo(Math.SQRT1_2, 6)],
    ])
    expect(listOf(neighbours, 2).map(([item]) => item)).toEqual([0, 1])
    expect(listOf(neighbours, 3)).toEqual([])
    expect(listOf(neighbours, 4)).toEqual([])
  })

  test('gives a range the same lists as the whole', async () => {
    const part = await cosineNeighbours(workspace, { ...all, from: 1, to: 3 })
    const whole = await cosineNeighbours(workspace, all)
    for (const item of [1, 2]) expect(listOf(part, item)).toEqual(listOf(whole, item))
  })

  test('agrees bit by bit with comparing every pair', async () => {
    const random = seededRandom(1)
    const [count, factors, k] = [150, 7, 12]
    const rows = Float32Array.from({ length: count * factors }, () => gaussian(random))
    for (const zero of [3, 90]) rows.fill(0, zero * factors, (zero + 1) * factors)
    const unit = rows.slice()
    for (let at = 0; at < unit.length; at += factors) {
      const length = Math.sqrt(dot(rows, at, rows, at, factors))
      for (let factor = at; factor < at + factors; factor++) if (length > 0) unit[factor] = rows[factor]! / length
    }
    const own = Uint32Array.from({ length: count }, (_, item) => item)
    const exclude = csrFromTriples({ rows: count, columns: count, rowOf: own, columnOf: own, valueOf: own })
    const model = { factors, users: count, items: count, userFactors: unit, itemFactors: unit }
    const expected = straightTopN({ factors: model, n: k, exclude, positiveOnly: true })
    const items = prepareDirections(workspace, { itemFactors: rows, factors })
    const { counts, items: found, scores } = await cosineNeighbours(workspace, { items, k, from: 0, to: count })
    expect({ n: k, counts, items: found, scores }).toEqual(expected)
  })

  test('refuses a range outside the items and a broken k', async () => {
    await expect(cosineNeighbours(workspace, { ...all, to: 6 })).rejects.toThrow(
      'within 0 to 5: current values are 0 and 6',
    )
    await expect(cosineNeighbours(workspace, { ...all, k: -1 })).rejects.toThrow(
      'k must be an integer ≥ 0: current value is -1',
    )
  })
})

describe('coPurchaseNeighbours()', () => {
  test('gives n_ij / sqrt(n_i n_j) and drops pairs met in fewer baskets than minCount', () => {
    const baskets = basketsOf([[0, 1, 2], [0, 1], [0, 1], [0], [2, 3]], 5)
    const options = { baskets, k: 5, from: 0, to: 5 }
    expect(listOf(coPurchaseNeighbours({ ...options, minCount: 2 }), 0)).toEqual([
      [1, expect.closeTo(3 / Math.sqrt(4 * 3), 6)],
    ])
    const every = coPurchaseNeighbours({ ...options, minCount: 1 })
    expect(listOf(every, 0)[1]).toEqual([2, expect.closeTo(1 / Math.sqrt(4 * 2), 6)])
    expect(listOf(every, 4)).toEqual([])
  })

  test('agrees with counting every pair of items in every basket', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uniqueArray(fc.nat(7), { maxLength: 6 }), { maxLength: 20 }),
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 8 }),
        (lists, minCount, k) => {
          const count = (...items: number[]) => lists.filter(list => items.every(item => list.includes(item))).length
          const neighbours = coPurchaseNeighbours({ baskets: basketsOf(lists, 8), k, minCount, from: 0, to: 8 })
          for (let item = 0; item < 8; item++) {
            const expected = [0, 1, 2, 3, 4, 5, 6, 7]
              .filter(other => other !== item && count(item, other) >= minCount)
              .map(other => [other, Math.fround(count(item, other) / Math.sqrt(count(item) * count(other)))] as const)
              .sort((a, b) => b[1] - a[1] || a[0] - b[0])
              .slice(0, k)
            expect(listOf(neighbours, item)).toEqual(expected)
          }
        },
      ),
    )
  })

  test('counts an entry once whatever its value', () => {
    const baskets = csrFromTriples({ rows: 1, columns: 2, rowOf: [0, 0], columnOf: [0, 1], valueOf: [7, 0.5] })
    expect(listOf(coPurchaseNeighbours({ baskets, k: 1, minCount: 1, from: 0, to: 2 }), 0)).toEqual([[1, 1]])
  })

  test('refuses minCount below 1', () => {
    const baskets = basketsOf([[0]], 1)
    expect(() => coPurchaseNeighbours({ baskets, k: 1, minCount: 0, from: 0, to: 1 })).toThrow('current value is 0')
  })
})

function listOf({ k, from, counts, items, scores }: Neighbours, item: number): [number, number][] {
  const row = item - from
  return Array.from({ length: counts[row]! }, (_, place) => [items[row * k + place]!, scores[row * k + place]!])
}

function basketsOf(lists: number[][], items: number) {
  return csrFromTriples({
    rows: lists.length,
    columns: items,
    rowOf: lists.flatMap((list, basket) => list.map(() => basket)),
    columnOf: lists.flat(),
    valueOf: lists.flat().map(() => 1),
  })
}
