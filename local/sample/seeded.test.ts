import { expect, test } from 'vitest'
import { seededRandom, uuidOf } from './seeded.ts'

test('seededRandom() repeats its draws for the same seed and gives others for another', () => {
  const draws = (seed: string) => {
    const random = seededRandom(seed)
    return Array.from({ length: 20 }, random)
  }
  expect(draws('a')).toEqual(draws('a'))
  expect(draws('a')).not.toEqual(draws('b'))
  expect(new Set(draws('a')).size).toBe(20)
})

test('seededRandom() draws evenly from [0, 1)', () => {
  const random = seededRandom('even')
  const draws = Array.from({ length: 10_000 }, random)
  expect(Math.min(...draws)).toBeGreaterThanOrEqual(0)
  expect(Math.max(...draws)).toBeLessThan(1)
  expect(draws.reduce((sum, draw) => sum + draw, 0) / draws.length).toBeCloseTo(0.5, 1)
})

test('uuidOf() gives a name one version 5 UUID', () => {
  expect(uuidOf('x')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(uuidOf('x')).toBe(uuidOf('x'))
  expect(uuidOf('x')).not.toBe(uuidOf('y'))
})
