import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Factors } from './als.ts'
import { csrFromTriples } from './csr.ts'
import { topN, topNForUsers } from './top-n.ts'

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

describe('topNForUsers()', () => {
  const factors: Factors = {
    factors: 2,
    users: 3,
    items: 4,
    userFactors: Float32Array.of(1, 0, 0, 0, 0, 1),
    itemFactors: Float32Array.of(1, 4, 2, 3, 3, 2, 4, 1),
  }
  const exclude = csrFromTriples({
    rows: 3,
    columns: 4,
    rowOf: [0, 2, 2, 2],
    columnOf: [3, 0, 1, 2],
    valueOf: [1, 1, 1, 1],
  })

  test('leaves out seen items, gives a zero user nothing and a user with everything seen what is left', () => {
    const lists = topNForUsers({ factors, n: 2, fromUser: 0, toUser: 3, exclude })
    expect([...lists.counts]).toEqual([2, 0, 1])
    expect([...lists.items]).toEqual([2, 1, 0, 0, 3, 0])
    expect([...lists.scores]).toEqual([3, 2, 0, 0, 1, 0])
  })

  test('gives a range the same lists as the whole', () => {
    const whole = topNForUsers({ factors, n: 3, fromUser: 0, toUser: 3, exclude })
    const part = topNForUsers({ factors, n: 3, fromUser: 2, toUser: 3, exclude })
    expect(part.items).toEqual(whole.items.slice(6))
    expect(part.counts).toEqual(whole.counts.slice(2))
  })

  test('refuses a range outside the users and an exclusion of another shape', () => {
    const wrong = csrFromTriples({ rows: 3, columns: 5, rowOf: [], columnOf: [], valueOf: [] })
    expect(() => topNForUsers({ factors, n: 2, fromUser: 0, toUser: 4, exclude })).toThrow('current values are 0 and 4')
    expect(() => topNForUsers({ factors, n: 2, fromUser: 0, toUser: 3, exclude: wrong })).toThrow('(3, 5)')
  })
})
