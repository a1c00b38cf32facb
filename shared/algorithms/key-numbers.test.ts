import fc from 'fast-check'
import { expect, test } from 'vitest'
import { keyNumbers, keySet } from './key-numbers.ts'
import { seededRandom } from './random.ts'

test('keys are numbered as they appear, each once', () => {
  const numbers = keyNumbers(2)
  expect([7, 9, 7, 2 ** 53 - 1, 9, 8].map(numbers.numberOf)).toEqual([0, 1, 0, 2, 1, 3])
  expect(numbers.size).toBe(4)
})

test('agrees with a Map, however many keys there are beyond those expected', () => {
  const keys = fc.array(fc.integer({ min: 1, max: 300 }), { maxLength: 400 })
  fc.assert(
    fc.property(keys, fc.nat(50), (any, expected) => {
      const numbers = keyNumbers(expected)
      const map = new Map<number, number>()
      for (const key of any) {
        if (!map.has(key)) map.set(key, map.size)
        expect(numbers.numberOf(key)).toBe(map.get(key))
      }
    }),
  )
})

test('a hundred thousand hashes in a table made for none', () => {
  const random = seededRandom(1)
  const numbers = keyNumbers(0)
  const keys = Array.from({ length: 100_000 }, () => 1 + Math.floor((2 ** 53 - 1) * random()))
  expect(keys.every((key, number) => numbers.numberOf(key) === number)).toBe(true)
  expect(keys.every((key, number) => numbers.numberOf(key) === number)).toBe(true)
})

test('a set tells new keys from those it has, and refuses more than it was made for', () => {
  const set = keySet(3)
  expect([7, 9, 7, 2 ** 53 - 1, 9].map(set.add)).toEqual([true, true, false, true, false])
  expect(() => set.add(8)).toThrow('there must be ≤ 3')
})
