import { describe, expect, test } from 'vitest'
import { gaussian, seededRandom, xoshiro128 } from './random.ts'

describe('seededRandom()', () => {
  test('gives the published sequence of xoshiro128++ for the state 1, 2, 3, 4', () => {
    const next = xoshiro128(Uint32Array.of(1, 2, 3, 4))
    expect(Array.from({ length: 6 }, next)).toEqual([641, 1573767, 3222811527, 3517856514, 836907274, 4247214768])
  })

  test('gives the same numbers for the same seed and other numbers for another seed', () => {
    const draw = (seed: number) => Array.from({ length: 20 }, seededRandom(seed))
    expect(draw(7)).toEqual(draw(7))
    expect(draw(7)).not.toEqual(draw(8))
    expect(draw(7)).not.toEqual(draw(7 + 2 ** 32))
    expect(draw(-1)).not.toEqual(draw(1))
  })

  test('is uniform in [0, 1): ten equal bins hold a tenth each', () => {
    const random = seededRandom(1)
    const bins = new Uint32Array(10)
    for (let draw = 0; draw < 100_000; draw++) {
      const number = random()
      expect(number >= 0 && number < 1).toBe(true)
      bins[Math.floor(number * 10)]! += 1
    }
    // Five standard deviations of a binomial count: sqrt(100,000 x .1 x .9) = 95.
    for (const count of bins) expect(Math.abs(count - 10_000)).toBeLessThan(475)
  })

  test('refuses a seed that is not a whole number, and names it', () => {
    expect(() => seededRandom(0.5)).toThrow('current value is 0.5')
    expect(() => seededRandom(Number.NaN)).toThrow(RangeError)
  })
})

test('gaussian() draws with mean 0 and variance 1', () => {
  const random = seededRandom(3)
  const draws = Array.from({ length: 50_000 }, () => gaussian(random))
  const mean = draws.reduce((sum, draw) => sum + draw, 0) / draws.length
  const variance = draws.reduce((sum, draw) => sum + (draw - mean) ** 2, 0) / draws.length
  expect(mean).toBeCloseTo(0, 1)
  expect(variance).toBeCloseTo(1, 1)
})
