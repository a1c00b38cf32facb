import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { basketsOf } from '../../tests/baskets.ts'
import { bitsOf, bruteForceItemsets, itemsetsByName } from '../../tests/oracles/itemsets.ts'
import type { Csr } from './csr.ts'
import { frequentItemsets, type ItemsetBounds } from './fp-growth.ts'
import { itemsetLengths } from './itemsets.ts'
import { rankedBaskets } from './ranked-baskets.ts'

const lists = fc.array(fc.uniqueArray(fc.nat(7), { maxLength: 8 }), { maxLength: 24 })
const bounds = fc.record({ minCount: fc.integer({ min: 1, max: 4 }), maxLength: fc.integer({ min: 1, max: 8 }) })

describe('frequentItemsets()', () => {
  test('counts the sets of four baskets as by hand', () => {
    const found = mined(basketsOf([[0, 1, 2], [0, 1], [0, 2], [3]], 4), { minCount: 2 })
    expect(itemsetsByName(found)).toEqual({ '0': 3, '1': 2, '2': 2, '0 1': 2, '0 2': 2 })
    expect(itemsetLengths(found)).toEqual([3, 2])
  })

  test('agrees with counting every subset of every basket', () => {
    fc.assert(
      fc.property(lists, bounds, (any, { minCount, maxLength }) => {
        const found = itemsetsByName(mined(basketsOf(any, 8), { minCount, maxLength }))
        expect(found).toEqual(bruteForceItemsets(any, { minCount, maxLength }))
      }),
    )
  })

  test('agrees with it on so many items that they are split among conditional databases', () => {
    const wide = fc.array(fc.uniqueArray(fc.nat(15), { minLength: 4, maxLength: 9 }), { minLength: 8, maxLength: 40 })
    fc.assert(
      fc.property(wide, fc.integer({ min: 2, max: 5 }), (any, minCount) => {
        const found = itemsetsByName(mined(basketsOf(any, 16), { minCount }))
        expect(found).toEqual(bruteForceItemsets(any, { minCount, maxLength: 9 }))
      }),
      { numRuns: 30 },
    )
  })

  test('finds a set that is in few of many baskets below the items that fit masks', () => {
    // 14 items in 40 baskets: too many for masks, so that three levels of conditional databases follow each other.
    const all = Array.from({ length: 14 }, (_, item) => item)
    const found = mined(basketsOf([...Array(40).fill(all), ...Array(9).fill(all.slice(0, 3))], 14), { minCount: 40 })
    expect(found.counts).toHaveLength(2 ** 14 - 1)
    expect(itemsetsByName(found)['0 1 2']).toBe(49)
    expect(itemsetsByName(found)[all.join(' ')]).toBe(40)
  })

  test('gives the same sets whether all groups of items are searched at once or each range of them alone', () => {
    fc.assert(
      fc.property(lists, bounds, fc.nat(8), (any, of, cut) => {
        const baskets = basketsOf(any, 8)
        const ranked = { ...rankedBaskets(baskets, of.minCount), rows: baskets.rows }
        const middle = Math.min(cut, ranked.items.length)
        const part = (from: number, to: number) =>
          itemsetsByName(frequentItemsets(ranked, { ...of, groups: { from, to } }))
        const together = { ...part(0, middle), ...part(middle, ranked.items.length) }
        expect(together).toEqual(itemsetsByName(mined(baskets, of)))
      }),
    )
  })

  test('keeps at most maxItemsets longer sets, and then exactly those of the count it names', () => {
    fc.assert(
      fc.property(lists, bounds, fc.integer({ min: 1, max: 12 }), (any, of, maxItemsets) => {
        const baskets = basketsOf(any, 8)
        const found = mined(baskets, { ...of, maxItemsets })
        const [singles = 0, ...longer] = itemsetLengths(found)
        expect(longer.reduce((sum, sets) => sum + sets, 0)).toBeLessThanOrEqual(maxItemsets)
        expect(found.items).toHaveLength(singles)
        expect(found.minCount).toBeGreaterThanOrEqual(of.minCount)
        expect(itemsetsByName(found)).toEqual(bruteForceItemsets(any, { ...of, minCount: found.minCount }))
      }),
    )
  })

  test('stays within its bound where one basket alone has a million subsets', () => {
    const found = mined(basketsOf([bitsOf(2 ** 30 - 1), bitsOf(2 ** 30 - 1), [0, 1], [0, 1]], 30), {
      ...{ minCount: 2, maxItemsets: 10_000 },
    })
    expect(itemsetsByName(found)).toEqual({ '0': 4, '1': 4, '0 1': 4 })
    expect(found.minCount).toBe(3)
  })

  test('has nothing to find in no baskets, and refuses bounds that mean nothing', () => {
    expect(mined(basketsOf([], 3), { minCount: 1 }).counts).toHaveLength(0)
    const refused = (of: ItemsetBounds) => () => mined(basketsOf([[0]], 1), of)
    expect(refused({ minCount: 0 })).toThrow('minCount must be an integer ≥ 1: current value is 0')
    expect(refused({ minCount: 1, maxLength: 1.5 })).toThrow('maxLength must be an integer ≥ 1: current value is 1.5')
  })
})

function mined(baskets: Csr, of: ItemsetBounds) {
  return frequentItemsets({ ...rankedBaskets(baskets, of.minCount), rows: baskets.rows }, of)
}
