import { expect, test } from 'vitest'
import { type EventType, eventTypes } from '../schemas/interaction.ts'
import type { RecentEvent } from '../schemas/profile.ts'
import { addEvent, cellStrength, emptyCell } from '../training/feedback-cell.ts'
import { type KnownFeedback, userStrengths } from './user-strengths.ts'

const options = { weights: { rating: 0.4, purchase: 0.1, recency: 0.8, quantity: 0.1 }, recencyHalfLifeMs: 86_400_000 }
const day = 86_400
const event = (itemId: string, type: EventType, second: number, value?: number): RecentEvent => {
  const packed = [itemId, eventTypes.indexOf(type), second, `${itemId}${second}`] as const
  return value === undefined ? [...packed] : [...packed, value]
}
const strengths = (known: Partial<KnownFeedback>) =>
  userStrengths({ recent: [], disliked: new Set(), purchases: [], purchasesUntil: undefined, ...known }, options)

/** What training takes the same events for. */
function trained(events: [EventType, second: number, value?: number][], until: number): number {
  const cell = emptyCell()
  for (const [type, second, value = 0] of events) addEvent(cell, { type, at: second * 1000, value })
  return cellStrength(cell, until * 1000, options)
}

test('events are worth what training takes them for', () => {
  const recent = [event('pen', 'view', day), event('pen', 'purchase', 2 * day), event('ink', 'rating', 3 * day, 4)]
  expect(strengths({ recent })).toEqual(
    new Map([
      [
        'pen',
        trained(
          [
            ['view', day],
            ['purchase', 2 * day],
          ],
          3 * day,
        ),
      ],
      ['ink', trained([['rating', 3 * day, 4]], 3 * day)],
    ]),
  )
})

test('purchases that are in the published list count once, and later ones beside them', () => {
  const recent = [event('pen', 'purchase', day), event('pen', 'purchase', 3 * day)]
  const found = strengths({ recent, purchases: [['pen', day, 2]], purchasesUntil: 2 * day * 1000 })
  expect(found.get('pen')).toBe(
    trained(
      [
        ['purchase', day],
        ['purchase', day],
        ['purchase', 3 * day],
      ],
      3 * day,
    ),
  )
})

test('what has a thumb down says nothing, and a thumb up is the best rating', () => {
  const recent = [event('pen', 'view', day), event('pen', 'feedback', day), event('ink', 'feedback', day)]
  const found = strengths({ recent, disliked: new Set(['pen']) })
  expect(found).toEqual(new Map([['ink', trained([['feedback', day, 1]], day)]]))
})

test('of a user of whom nothing is known there is nothing', () => {
  expect(strengths({}).size).toBe(0)
})
