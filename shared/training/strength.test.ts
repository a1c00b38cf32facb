import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Feedback, interactionStrength } from './strength.ts'

const day = 86_400_000
const options = {
  weights: { rating: 0.4, purchase: 0.3, recency: 0.2, quantity: 0.1 },
  recencyHalfLifeMs: 180 * day,
}
const now = 1000 * day
const strength = (
  of: Partial<Feedback['counts']> & { rating?: number; daysAgo?: number },
  weights: Partial<typeof options.weights> = {},
) => {
  const { rating = 0, daysAgo = 0, ...counts } = of
  const feedback = {
    counts: { view: 0, click: 0, add_to_cart: 0, purchase: 0, ...counts },
    rating,
    lastAt: now - daysAgo * day,
  }
  return interactionStrength(feedback, now, { ...options, weights: { ...options.weights, ...weights } })
}

test('each part adds its share: rating, engagement, recency, quantity', () => {
  expect(strength({})).toBe(0)
  expect(strength({ rating: 5 })).toBeCloseTo(0.4)
  expect(strength({ rating: 1 })).toBeCloseTo(0.08)
  // A view today: certainty 0.1 of 0.3 + 0.2.
  expect(strength({ view: 1 })).toBeCloseTo(0.05)
  // A purchase today: 0.3 + 0.2 + 0.1 × ln 2 / ln 11.
  expect(strength({ purchase: 1 })).toBeCloseTo(0.5 + (0.1 * Math.LN2) / Math.log(11))
  expect(strength({ purchase: 10, rating: 5 })).toBeCloseTo(1)
})

test('several events are as sure as the chance that not all of them were idle', () => {
  expect(strength({ view: 2 })).toBeCloseTo(0.5 * (1 - 0.9 * 0.9))
  expect(strength({ view: 1, click: 1, add_to_cart: 1 })).toBeCloseTo(0.5 * (1 - 0.9 * 0.85 * 0.5))
})

test('recency halves after half a year and is never more than today’s', () => {
  const recency = (daysAgo: number) => strength({ purchase: 1, daysAgo }, { rating: 0, purchase: 0, quantity: 0 })
  expect(recency(0)).toBeCloseTo(0.2)
  expect(recency(180)).toBeCloseTo(0.1)
  expect(recency(360)).toBeCloseTo(0.05)
  expect(recency(-30)).toBeCloseTo(0.2)
})

test('the eleventh purchase says nothing more', () => {
  expect(strength({ purchase: 11 })).toBe(strength({ purchase: 10 }))
})

test('more of anything never makes it weaker, and it stays between 0 and the sum of the weights', () => {
  const count = fc.nat(30)
  const feedback = fc.record({ view: count, click: count, add_to_cart: count, purchase: count, rating: fc.nat(5) })
  fc.assert(
    fc.property(feedback, fc.constantFrom('view', 'click', 'add_to_cart', 'purchase'), (of, more) => {
      const before = strength(of)
      expect(before).toBeGreaterThanOrEqual(0)
      expect(before).toBeLessThanOrEqual(1 + 1e-12)
      expect(strength({ ...of, [more]: of[more] + 1 })).toBeGreaterThanOrEqual(before)
    }),
  )
})
