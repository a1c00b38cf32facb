import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../algorithms/random.ts'
import { explore, type Pool } from './exploration.ts'

const ranked = ['a', 'b', 'c', 'd', 'e']
const poolOf = (items: readonly string[], without: readonly string[] = []): Pool => ({
  items,
  has: itemId => items.includes(itemId),
  without: new Set(without),
})
const wide = poolOf(['a', 'u', 'v', 'w', 'x', 'y', 'z', 'b'], ['a', 'b', 'not there'])

test('explore() gives the ranked list itself without ε or with an empty pool, each item for sure', () => {
  const asRanked = ranked.map(itemId => ({ itemId, propensity: 1, isExplored: false }))
  expect(explore(ranked, { epsilon: 0, pool: wide, random: seededRandom(1) })).toEqual(asRanked)
  expect(explore(ranked, { epsilon: 1, pool: poolOf(['a'], ['a']), random: seededRandom(1) })).toEqual(asRanked)
})

test('explore() gives the same bytes for the same seed, and others for another', () => {
  const list = (seed: number) =>
    JSON.stringify(explore(ranked, { epsilon: 0.5, pool: wide, random: seededRandom(seed) }))
  expect(list(7)).toBe(list(7))
  expect(new Set(Array.from({ length: 20 }, (_, seed) => list(seed))).size).toBeGreaterThan(10)
})

test('explore() never gives away the first place nor one that is fixed, but does the first of a later page', () => {
  for (let seed = 0; seed < 50; seed++) {
    const random = seededRandom(seed)
    const list = explore(ranked, { epsilon: 1, pool: wide, random, isFixed: place => place === 3 })
    expect(list.map(({ isExplored }) => isExplored)).toEqual([false, true, false, true, true])
    expect(list[2]).toEqual({ itemId: 'c', propensity: 1, isExplored: false })
    expect(new Set(list.map(({ itemId }) => itemId)).size).toBe(5)
  }
  expect(explore(ranked, { epsilon: 1, pool: wide, random: seededRandom(1), firstPlace: 6 })[0]?.isExplored).toBe(true)
})

describe('propensities are the frequencies that lists of 40,000 seeds have', () => {
  const lists = 40_000
  test.each([
    { name: 'with a pool larger than the list', pool: wide, epsilon: 0.2 },
    { name: 'with a pool that is used up', pool: poolOf(['y', 'z']), epsilon: 0.6 },
    { name: 'with most of the pool left out', pool: poolOf(['b', 'c', 'd', 'e', 'a', 'z'], ranked), epsilon: 0.5 },
  ])('$name', ({ pool, epsilon }) => {
    const counts = new Map<string, { times: number; propensity: number }>()
    for (let seed = 0; seed < lists; seed++) {
      const list = explore(ranked, { epsilon, pool, random: seededRandom(seed) })
      for (const [place, { itemId, propensity }] of list.entries()) {
        // A propensity belongs to the item and the place, not to what chance did above.
        const key = `${place + 1} ${itemId} ${propensity}`
        counts.set(key, { times: (counts.get(key)?.times ?? 0) + 1, propensity })
      }
    }
    for (const [key, { times, propensity }] of counts) {
      // Five standard errors: with 40 pairs of item and place chance alone goes beyond them once in 40,000 runs.
      const error = Math.sqrt((propensity * (1 - propensity)) / lists)
      expect(Math.abs(times / lists - propensity), key).toBeLessThanOrEqual(5 * error)
    }
    for (const place of [1, 2, 3, 4, 5]) {
      const all = [...counts].filter(([key]) => key.startsWith(`${place} `))
      expect(all.reduce((sum, [, { propensity }]) => sum + propensity, 0)).toBeCloseTo(1, 10)
    }
  })
})
