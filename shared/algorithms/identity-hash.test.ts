import { expect, test } from 'vitest'
import { identityHash } from './identity-hash.ts'

test('texts that differ in little have different numbers, whole and above 0', () => {
  const texts = Array.from({ length: 100_000 }, (_, number) => [`o${number}\ni${number % 7}`, `o${number}\ni9`]).flat()
  const numbers = new Set(['', ' ', '  ', ...texts].map(identityHash))
  expect(numbers.size).toBe(200_003)
  expect([...numbers].every(number => Number.isSafeInteger(number) && number > 0)).toBe(true)
})

test('each of the 53 bits is set in about half of the numbers', () => {
  const times = new Uint32Array(53)
  for (let event = 0; event < 4_000; event++) {
    const number = BigInt(identityHash(`event ${event}`))
    for (let bit = 0; bit < 53; bit++) times[bit]! += Number((number >> BigInt(bit)) & 1n)
  }
  // Five standard deviations of 4,000 tosses.
  for (const count of times) expect(Math.abs(count - 2_000)).toBeLessThan(158)
})

test('a text keeps its number from one version to the next, as files of a run outlive a deployment', () => {
  expect(identityHash('0a6f2c1e-0000-4000-8000-000000000001')).toBe(6_544_729_915_240_974)
})
