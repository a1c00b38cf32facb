import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { basketsOf } from '../../tests/baskets.ts'
import { bruteForceItemsets, itemsetsByName } from '../../tests/oracles/itemsets.ts'
import { frequentItemsets } from './fp-growth.ts'
import { itemsetLengths } from './itemsets.ts'
import { decodeItemsets, encodeItemsets, joinItemsets } from './join-itemsets.ts'
import { rankedBaskets } from './ranked-baskets.ts'

const lists = fc.array(fc.uniqueArray(fc.nat(7), { maxLength: 7 }), { maxLength: 20 })

/** The sets of both halves of the groups, each held to a bound of its own. */
function halves(any: readonly (readonly number[])[], minCount: number, maxItemsets: number) {
  const baskets = basketsOf(any, 8)
  const ranked = { ...rankedBaskets(baskets, minCount), rows: baskets.rows }
  const middle = ranked.items.length >> 1
  return [
    frequentItemsets(ranked, { minCount, maxItemsets, groups: { from: 0, to: middle } }),
    frequentItemsets(ranked, { minCount, maxItemsets, groups: { from: middle, to: ranked.items.length } }),
  ]
}

describe('joinItemsets()', () => {
  test('gives exactly the sets of the count it names, and no more than asked, whatever each part was raised to', () => {
    fc.assert(
      fc.property(lists, fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 20 }), (any, minCount, most) => {
        const joined = joinItemsets(halves(any, minCount, most), most)
        const [, ...longer] = itemsetLengths(joined)
        expect(longer.reduce((sum, sets) => sum + sets, 0)).toBeLessThanOrEqual(most)
        const expected = bruteForceItemsets(any, { minCount: joined.minCount, maxLength: 8 })
        expect(itemsetsByName(joined)).toEqual(expected)
      }),
    )
  })

  test('changes nothing where there is room', () => {
    const any = [[0, 1, 2], [0, 1, 2], [1, 2], [3]]
    const joined = joinItemsets(halves(any, 1, 100), 100)
    expect(joined.minCount).toBe(1)
    expect(itemsetsByName(joined)).toEqual(bruteForceItemsets(any, { minCount: 1, maxLength: 3 }))
  })

  test('refuses sets of different baskets', () => {
    const [part] = halves([[0, 1]], 1, 10)
    expect(() => joinItemsets([], 1)).toThrow('all must be of the same baskets: there are 0 parts')
    if (part) expect(() => joinItemsets([part, { ...part, baskets: 7 }], 1)).toThrow('of the same baskets')
  })
})

test('itemsets are the same after a trip through bytes, and bytes that are none are refused', () => {
  const [, part] = halves([[0, 1, 2], [0, 1, 2], [1, 2], [3]], 1, 100)
  if (!part) throw new Error('There are two halves')
  const bytes = encodeItemsets(part)
  expect(decodeItemsets(bytes)).toEqual(part)
  expect(() => decodeItemsets(bytes.subarray(0, bytes.length - 4))).toThrow(RangeError)
  const looped = { ...part, parents: part.parents.map((parent, set) => (parent === -1 ? -1 : set)) }
  expect(() => decodeItemsets(encodeItemsets(looped))).toThrow('must have a parent before it')
})
