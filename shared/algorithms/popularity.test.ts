import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decayedAdd, decayedValue } from './popularity.ts'

const hour = 3_600_000
const none = { value: 0, at: 0 }

describe('decayedAdd()', () => {
  test('halves what was there for every half-life that has passed', () => {
    const first = decayedAdd(none, 8, 10 * hour, hour)
    expect(first).toEqual({ value: 8, at: 10 * hour })
    expect(decayedAdd(first, 1, 12 * hour, hour)).toEqual({ value: 3, at: 12 * hour })
  })

  test('adds only what is left of a late event and keeps the time', () => {
    expect(decayedAdd({ value: 1, at: 12 * hour }, 8, 10 * hour, hour)).toEqual({ value: 3, at: 12 * hour })
  })

  test('gives the same counter for events in any order', () => {
    const event = fc.record({ weight: fc.integer({ min: 1, max: 5 }), at: fc.integer({ min: 0, max: 48 * hour }) })
    fc.assert(
      fc.property(fc.array(event, { minLength: 1, maxLength: 10 }), events => {
        const total = (list: typeof events) =>
          list.reduce((counter, { weight, at }) => decayedAdd(counter, weight, at, 6 * hour), none)
        const latest = Math.max(...events.map(({ at }) => at))
        const exact = events.reduce((sum, { weight, at }) => sum + weight * 2 ** ((at - latest) / (6 * hour)), 0)
        for (const counter of [total(events), total(events.toReversed())]) {
          expect(counter.at).toBe(latest)
          expect(counter.value).toBeCloseTo(exact, 9)
        }
      }),
    )
  })

  test('refuses a half-life of 0 and a broken time, and names them', () => {
    expect(() => decayedAdd(none, 1, hour, 0)).toThrow('halfLifeMs must be a number > 0: current value is 0')
    expect(() => decayedAdd(none, 1, Number.NaN, hour)).toThrow('at must be a finite number: current value is NaN')
  })
})

describe('decayedValue()', () => {
  test('falls to a quarter after two half-lives', () => {
    expect(decayedValue({ value: 8, at: hour }, 3 * hour, hour)).toBe(2)
  })

  test('keeps the order of two counters whichever time they are read at', () => {
    const older = { value: 10, at: 0 }
    const newer = { value: 9, at: hour }
    for (const at of [-hour, 0, hour, 5 * hour]) {
      expect(decayedValue(newer, at, hour)).toBeGreaterThan(decayedValue(older, at, hour))
    }
  })

  test('of an empty counter is 0 however long ago', () => {
    expect(decayedValue({ value: 0, at: 2e12 }, 0, 1)).toBe(0)
  })
})
