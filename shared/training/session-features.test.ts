import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type EventType, eventTypes } from '../schemas/interaction.ts'
import type { RecentEvent } from '../schemas/profile.ts'
import { sessionFeatures } from './session-features.ts'

const noon = Date.UTC(2026, 0, 1, 12)
const shop: Readonly<Record<string, { category: string; price: number }>> = {
  tea: { category: 'Kitchen', price: 3 },
  cup: { category: 'Kitchen', price: 7 },
  pen: { category: 'Office', price: 1 },
}
const itemOf = (itemId: string) => shop[itemId]
/** An event so many minutes after noon. */
const did = (itemId: string, type: EventType, minute: number): RecentEvent => [
  ...([itemId, eventTypes.indexOf(type), noon / 1000 + minute * 60, `${itemId}${minute}`] as const),
]
const at = (recent: readonly RecentEvent[], minute: number) =>
  sessionFeatures(recent, { nowMs: noon + minute * 60_000, itemOf })

test('a session is what was done without half an hour’s pause until now', () => {
  const recent = [did('pen', 'view', 0), did('tea', 'view', 31), did('tea', 'add_to_cart', 50), did('cup', 'view', 80)]
  const features = at(recent, 81)
  expect(features).toMatchObject({ sessionEvents: 3, minutesSinceLast: 1 })
  expect(features.sessionCategories).toEqual(new Map([['Kitchen', 1]]))
  expect(features.sessionPriceLevel).toBeCloseTo((2 * Math.log(4) + Math.log(8)) / 3, 12)
  expect(at(recent.slice(0, 2), 31)).toMatchObject({ sessionEvents: 1 })
  expect(at(recent, 110)).toMatchObject({ sessionEvents: 3, minutesSinceLast: 30 })
  const over = at(recent, 111)
  expect(over).toMatchObject({ sessionEvents: 0, sessionPriceLevel: undefined, minutesSinceLast: 31 })
  expect(over.sessionCategories.size).toBe(0)
  expect(over.lastViewed).toEqual(['cup', 'tea', 'pen'])
})

test('the last five items viewed are different ones, the newest first; carts and purchases are no looks', () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'b']
  const recent = [...names.map((name, minute) => did(name, 'click', minute)), did('tea', 'purchase', 8)]
  expect(at(recent, 9).lastViewed).toEqual(['b', 'f', 'e', 'd', 'c'])
})

test('items that the catalogue does not know count as events, not for categories or prices', () => {
  const features = at([did('gone', 'view', 0), did('pen', 'view', 1), did('tea', 'view', 2)], 2)
  expect(features.sessionEvents).toBe(3)
  expect(features.sessionCategories).toEqual(
    new Map([
      ['Office', 0.5],
      ['Kitchen', 0.5],
    ]),
  )
})

test('of nobody there is the time alone', () => {
  expect(at([], 0)).toEqual({
    ...{ lastViewed: [], sessionEvents: 0, sessionCategories: new Map(), sessionPriceLevel: undefined },
    ...{ minutesSinceLast: undefined, hour: 12, weekday: 4, season: 'winter' },
  })
  const seasonOf = (month: number) => sessionFeatures([], { nowMs: Date.UTC(2026, month - 1, 4, 23), itemOf }).season
  expect([1, 2, 3, 5, 6, 8, 9, 11, 12].map(seasonOf)).toEqual([
    ...['winter', 'winter', 'spring', 'spring', 'summer', 'summer', 'autumn', 'autumn', 'winter'],
  ])
  expect(sessionFeatures([], { nowMs: Date.UTC(2026, 0, 4, 23), itemOf })).toMatchObject({ hour: 23, weekday: 7 })
})

test('nothing that happens later changes what is known at a moment', () => {
  const event = fc
    .tuple(fc.constantFrom('tea', 'cup', 'pen'), fc.constantFrom(...eventTypes), fc.integer({ min: -600, max: 600 }))
    .map(of => did(...of))
  fc.assert(
    fc.property(fc.array(event, { maxLength: 40 }), fc.integer({ min: -600, max: 600 }), (events, minute) => {
      const recent = events.toSorted(([, , a], [, , b]) => a - b)
      const known = recent.filter(([, , second]) => second <= noon / 1000 + minute * 60)
      expect(at(recent, minute)).toEqual(at(known, minute))
    }),
  )
})
