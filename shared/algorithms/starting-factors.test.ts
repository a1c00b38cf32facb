import { expect, test } from 'vitest'
import { startingFactors } from './starting-factors.ts'

test('startingFactors() of parts are those of the whole, and of another seed others', () => {
  const of = (from: number, to: number, seed: number) => [...startingFactors({ factors: 5, seed, from, to })]
  expect([...of(0, 7, 1), ...of(7, 20, 1)]).toEqual(of(0, 20, 1))
  expect(of(0, 20, 2)).not.toEqual(of(0, 20, 1))
  expect(of(0, 20, 2 ** 40 + 1)).not.toEqual(of(0, 20, 1))
})

test('startingFactors() have a length of a tenth on average and no direction', () => {
  const values = startingFactors({ factors: 16, seed: 3, from: 0, to: 5000 })
  const square = values.reduce((sum, value) => sum + value * value, 0) / 5000
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  expect(Math.sqrt(square)).toBeCloseTo(0.1, 3)
  expect(Math.abs(mean)).toBeLessThan(0.0003)
})

test('startingFactors() refuses a seed that is no whole number', () => {
  expect(() => startingFactors({ factors: 2, seed: 0.5, from: 0, to: 1 })).toThrow('current value is 0.5')
})
