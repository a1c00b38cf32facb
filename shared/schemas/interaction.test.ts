import { expect, test } from 'vitest'
import { anEvent, eventId, noon } from '../../tests/events.ts'
import { popularityWeights } from './counters.ts'
import { clockError, eventTypes, InteractionEvent, toInteraction } from './interaction.ts'

test('the order of event types is frozen: profiles store an event’s type by its place', () => {
  expect(eventTypes.slice(0, 6)).toEqual(['view', 'click', 'add_to_cart', 'purchase', 'rating', 'feedback'])
  expect(Object.keys(popularityWeights)).toEqual([...eventTypes])
})

test('an event in the code’s own form has its time in milliseconds, whatever offset it was sent with', () => {
  const sent = { ts: '2026-01-01T14:00:00+02:00', session_id: 's1', order_id: 'o1', quantity: 3 }
  expect(toInteraction(InteractionEvent.parse(anEvent(1, sent)))).toEqual({
    ...{ eventId: eventId(1), userId: 'anna', itemId: 'pen', type: 'view', at: noon, value: undefined },
    ...{ sessionId: 's1', orderId: 'o1', quantity: 3 },
  })
  expect(toInteraction(InteractionEvent.parse(anEvent(1))).quantity).toBe(1)
})

test('product_id means item_id, unless both are given', () => {
  const { item_id: _, ...event } = anEvent(1)
  expect(InteractionEvent.parse({ ...event, product_id: 'cup' })).toMatchObject({ item_id: 'cup' })
  expect(InteractionEvent.parse({ ...event, item_id: 'pen', product_id: 'cup' })).toMatchObject({
    ...{ item_id: 'pen', product_id: 'cup' },
  })
})

test('a clock may run ahead by a day and behind by any time', () => {
  const at = (ms: number) => clockError({ ts: new Date(noon + ms).toISOString() }, noon)
  expect(at(86_400_000)).toBeUndefined()
  expect(at(-10 * 365 * 86_400_000)).toBeUndefined()
  expect(at(86_400_001)).toMatchObject({ field: 'ts', reason: 'must not lie more than a day in the future' })
})
