import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { topN } from './top-n.ts'

describe('topN()', () => {
  test('agrees with sorting everything', () => {
    // Few distinct values, so that ties are common; NaN and infinities among them.
    const score = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constantFrom(Number.NaN, Infinity, -Infinity))
    fc.assert(
      fc.property(fc.array(score, { maxLength: 60 }), fc.nat(70), fc.nat(4), (values, n, divisor) => {
        const scores = Float32Array.from(values)
        const isExcluded = (index: number) => divisor > 1 && index % divisor === 0
        const expected = values
          .map((value, index) => ({ value, index }))
          .filter(({ value, index }) => !Number.isNaN(value) && !isExcluded(index))
          .sort((a, b) => (a.value === b.value ? a.index - b.index : a.value < b.value ? 1 : -1))
          .slice(0, n)
        const best = topN(scores, n, isExcluded)
        expect([...best.indices]).toEqual(expected.map(({ index }) => index))
        expect([...best.scores]).toEqual(expected.map(({ value }) => value))
      }),
    )
  })

  test('keeps the lower index first when scores are equal', () => {
    expect([...topN(Float32Array.of(1, 2, 2, 2), 2).indices]).toEqual([1, 2])
  })

  test('never chooses a NaN, even when nothing else is left', () => {
    expect([...topN(Float32Array.of(Number.NaN, -5, Number.NaN), 3).indices]).toEqual([1])
  })

  test('refuses n below 0 or broken', () => {
    expect(() => topN(new Float32Array(1), -1)).toThrow('n must be an integer ≥ 0: current value is -1')
    expect(() => topN(new Float32Array(1), 1.5)).toThrow(RangeError)
  })
})
