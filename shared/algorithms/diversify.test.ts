import fc from 'fast-check'
import { expect, test } from 'vitest'
import { diversify } from './diversify.ts'

const scores = Float64Array.of(1, 0.9, 0.8, 0.7, 0.1)
/** Items 0, 1 and 2 are alike, 3 and 4 like nothing. */
const similarity = (a: number, b: number) => (a < 3 && b < 3 ? 1 : 0)

test('diversify() keeps the order of the scores when λ is 1', () => {
  expect([...diversify(scores, { n: 3, lambda: 1, similarity })]).toEqual([0, 1, 2])
})

test('diversify() puts what is unlike the chosen before what is like them as λ falls', () => {
  expect([...diversify(scores, { n: 5, lambda: 0.7, similarity })]).toEqual([0, 3, 1, 2, 4])
  expect([...diversify(scores, { n: 5, lambda: 0.2, similarity })]).toEqual([0, 3, 4, 1, 2])
})

test('diversify() does not depend on how large the scores are', () => {
  const many = scores.map(score => score * 1e6)
  expect(diversify(many, { n: 5, lambda: 0.7, similarity })).toEqual(
    diversify(scores, { n: 5, lambda: 0.7, similarity }),
  )
})

test('diversify() takes at most the quota of a group while there are others, then fills up', () => {
  const groups = Int32Array.of(0, 0, 0, 1, -1)
  const options = { lambda: 1, similarity, quota: { groups, max: 1 } }
  expect([...diversify(scores, { n: 3, ...options })]).toEqual([0, 3, 4])
  expect([...diversify(scores, { n: 5, ...options })]).toEqual([0, 3, 4, 1, 2])
})

test('diversify() gives nothing of nothing, and takes scores of zero in their order', () => {
  expect([...diversify(new Float64Array(0), { n: 3, lambda: 0.5, similarity })]).toEqual([])
  expect([...diversify(new Float64Array(3), { n: 2, lambda: 0.5, similarity: () => 0 })]).toEqual([0, 1])
})

test('diversify() refuses scores that do not descend and a λ beyond 1', () => {
  const broken = (of: number[], lambda: number) => () => diversify(Float64Array.from(of), { n: 1, lambda, similarity })
  expect(broken([1, 2], 0.5)).toThrow(RangeError)
  expect(broken([1, -1], 0.5)).toThrow(RangeError)
  expect(broken([Number.NaN], 0.5)).toThrow(RangeError)
  expect(broken([1], 1.1)).toThrow('lambda must be from 0 to 1: current value is 1.1')
})

/** Every candidate against every chosen one, in each step. */
function diversifyByAll(scores: readonly number[], options: Parameters<typeof diversify>[1]): number[] {
  const { n, lambda, similarity, quota } = options
  const chosen: number[] = []
  const value = (index: number) =>
    (scores[0]! > 0 ? (lambda / scores[0]!) * scores[index]! : 0) -
    (1 - lambda) * Math.max(0, ...chosen.map(other => similarity(index, other)))
  while (chosen.length < Math.min(n, scores.length)) {
    const left = scores.map((_, index) => index).filter(index => !chosen.includes(index))
    const groupOf = (index: number) => quota?.groups[index] ?? -1
    const isOpen = (index: number) =>
      groupOf(index) < 0 || chosen.filter(other => groupOf(other) === groupOf(index)).length < quota!.max
    const open = left.some(isOpen) ? left.filter(isOpen) : left
    chosen.push(open.reduce((best, index) => (value(index) > value(best) ? index : best)))
  }
  return chosen
}

test('diversify() chooses what comparing everything with everything chooses', () => {
  const candidate = fc.record({ score: fc.integer({ min: 0, max: 8 }), group: fc.integer({ min: -1, max: 2 }) })
  const given = fc.record({
    candidates: fc.array(candidate, { minLength: 1, maxLength: 12 }),
    n: fc.integer({ min: 0, max: 14 }),
    lambda: fc.constantFrom(0, 0.25, 0.5, 0.75, 1),
    max: fc.integer({ min: 1, max: 3 }),
    grades: fc.array(fc.constantFrom(0, 0.25, 0.5, 1), { minLength: 144, maxLength: 144 }),
  })
  fc.assert(
    fc.property(given, ({ candidates, n, lambda, max, grades }) => {
      const sorted = candidates.map(({ score }) => score).sort((a, b) => b - a)
      const groups = Int32Array.from(candidates, ({ group }) => group)
      const similarity = (a: number, b: number) => grades[Math.min(a, b) * 12 + Math.max(a, b)]!
      const options = { n, lambda, similarity, quota: { groups, max } }
      expect([...diversify(Float64Array.from(sorted), options)]).toEqual(diversifyByAll(sorted, options))
    }),
    { numRuns: 1000 },
  )
})
