import fc from 'fast-check'
import { expect, test } from 'vitest'
import { anEvent } from '../../tests/events.ts'
import { eventTypes } from '../schemas/interaction.ts'
import { interactionLine, orderLine } from './bronze-line.ts'
import type { FeedbackLine } from './feedback-columns.ts'
import { quickInteractionLine, quickOrderLine } from './quick-line.ts'

const order = {
  ...{ order_id: 'o1', user_id: 'anna', ordered_at: '2026-01-31T12:30:59.000Z', item_id: 'pen' },
  ...{ quantity: 1, unit_price: 1.5 },
}
const event = {
  ...anEvent(1, { event_type: 'purchase' }),
  ...{ session_id: 's1', quantity: 2, context: { device: 'phone', price: 3, referrer: 'https://shop.example/' } },
}
/** Values that fields of either line may have, right or wrong. */
const anyValue = fc.oneof(
  fc.constantFrom<unknown>(undefined, null, '', 'o1', 'a/b', 'Zoë', 'x'.repeat(128), 'x'.repeat(129), '😀'.repeat(65)),
  fc.constantFrom<unknown>(0, 1, -1, 2.5, 5, 6, 1e6, 1e6 + 1, Infinity, -0, true, [], {}, { price: -1 }, { device: 1 }),
  fc.constantFrom<unknown>(
    '2026-02-29T00:00:00Z',
    '2028-02-29T00:00:00Z',
    '2026-04-31T00:00:00Z',
    '2026-01-01T24:00:00Z',
  ),
  fc.constantFrom<unknown>('1969-12-31T23:59:59Z', '2026-01-01T00:00:00+02:00', '2026-01-01', '2026-01-01T00:00Z'),
  fc.constantFrom<unknown>(
    ...eventTypes,
    '00000000-0000-0000-0000-000000000000',
    '00000001-0000-4000-8000-00000000000G',
  ),
  fc.date({ noInvalidDate: true }).map(date => date.toISOString()),
  fc.uuid(),
)
const changed = <Line extends object>(line: Line) =>
  fc
    .dictionary(fc.constantFrom(...Object.keys(line), 'value', 'order_id', 'product_id', 'surprise'), anyValue, {
      maxKeys: 3,
    })
    .map(changes => ({ ...line, ...changes }))

function agrees(quick: FeedbackLine | undefined, straight: () => FeedbackLine) {
  if (quick) expect(quick).toEqual(straight())
}

test('lines as landing and the ingest write them are read the quick way', () => {
  expect(quickOrderLine({ order })).toEqual(orderLine({ order }))
  expect(quickInteractionLine({ event })).toEqual(interactionLine({ event }))
  for (const type of ['view', 'click', 'add_to_cart'] as const) {
    expect(quickInteractionLine({ event: anEvent(2, { event_type: type }) })).toBeDefined()
  }
  expect(quickInteractionLine({ event: anEvent(3, { event_type: 'rating', value: 4.5 }) })?.value).toBe(4.5)
  expect(quickInteractionLine({ event: anEvent(4, { event_type: 'feedback', value: -1 }) })?.value).toBe(-1)
})

test('every day of a year but a leap day is read the quick way, to the same millisecond', () => {
  for (let day = 0; day < 365; day++) {
    const ts = new Date(Date.UTC(2027, 0, 1) + day * 86_400_000 + 45_296_789).toISOString()
    expect(quickInteractionLine({ event: { ...event, ts } })?.at).toBe(Date.parse(ts))
  }
})

test('whatever is read the quick way reads the same by the schemas, and nothing that they refuse is', () => {
  fc.assert(
    fc.property(changed(event), any =>
      agrees(quickInteractionLine({ event: any }), () => interactionLine({ event: any })),
    ),
    { numRuns: 3_000 },
  )
  fc.assert(
    fc.property(changed(order), any => agrees(quickOrderLine({ order: any }), () => orderLine({ order: any }))),
    { numRuns: 3_000 },
  )
})

test.each([undefined, null, [], 'text', {}, { order: null }, { event: [] }])('%j is no line', raw => {
  expect(quickOrderLine(raw)).toBeUndefined()
  expect(quickInteractionLine(raw)).toBeUndefined()
})
