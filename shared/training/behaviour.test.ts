import { expect, test } from 'vitest'
import { behaviour, behaviourFeatures } from './behaviour.ts'

const products = new Map([
  ['pen', { category: 'Office', price: 4 }],
  ['cup', { category: 'Kitchen', price: 16 }],
  ['gift', { category: 'Kitchen', price: 0 }],
])
const at = (time: string) => Date.parse(time) / 1000
const named = (features: number[] | undefined) =>
  Object.fromEntries(behaviourFeatures.map((name, place) => [name, features?.[place]]))

test('features tell recency, frequency, variety, looking around, price level, weekends and nights', () => {
  const user = behaviour(id => products.get(id))
  // 2026-01-03 was a Saturday.
  user.add({ itemId: 'pen', second: at('2026-01-03T12:00:00Z'), isPurchase: true })
  user.add({ itemId: 'cup', second: at('2026-01-05T23:00:00Z'), isPurchase: false })
  user.add({ itemId: 'cup', second: at('2026-01-06T05:59:59Z'), isPurchase: false })
  user.add({ itemId: 'unicorn', second: at('2026-01-06T06:00:00Z'), isPurchase: true })
  expect(named(user.features(at('2026-01-09T06:00:00Z')))).toEqual({
    recency: Math.log1p(3),
    purchases: Math.log1p(2),
    categories: Math.log1p(2),
    views_per_purchase: Math.log1p(2 / 3),
    price: 2,
    weekends: 1 / 4,
    nights: 2 / 4,
  })
})

test('who bought nothing has the price level of what they saw, and none where nothing has a price', () => {
  const looker = behaviour(id => products.get(id))
  looker.add({ itemId: 'cup', second: 0, isPurchase: false })
  expect(named(looker.features(0))).toMatchObject({ price: 4, purchases: 0 })
  const given = behaviour(id => products.get(id))
  given.add({ itemId: 'gift', second: 0, isPurchase: true })
  expect(named(given.features(0)).price).toBeNaN()
})

test('who did nothing has no features', () => {
  expect(behaviour(() => undefined).features(100)).toBeUndefined()
})
