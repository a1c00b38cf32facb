import { expect, test } from 'vitest'
import { anEvent, eventId, noon } from '../../tests/events.ts'
import { popularityWeights } from './counters.ts'
import { fieldErrors } from './errors.ts'
import { clockError, eventTypes, InteractionEvent, isLogin, toInteraction, toLogin } from './interaction.ts'

function interactionOf(event: Record<string, unknown>) {
  const parsed = InteractionEvent.parse(event)
  if (isLogin(parsed)) throw new Error('It is a login')
  return toInteraction(parsed)
}
const { user_id: _, ...unnamed } = anEvent(1)
const errors = (event: unknown) => {
  const { error } = InteractionEvent.safeParse(event)
  return error && fieldErrors(error, event).map(({ field, value }) => [field, value])
}

test('the order of event types is frozen: profiles store an event’s type by its place', () => {
  expect(eventTypes.slice(0, 6)).toEqual(['view', 'click', 'add_to_cart', 'purchase', 'rating', 'feedback'])
  expect(Object.keys(popularityWeights)).toEqual([...eventTypes])
})

test('an event in the code’s own form has its time in milliseconds, whatever offset it was sent with', () => {
  const sent = { ts: '2026-01-01T14:00:00+02:00', session_id: 's1', order_id: 'o1', quantity: 3 }
  expect(interactionOf(anEvent(1, sent))).toEqual({
    ...{ eventId: eventId(1), userId: 'anna', itemId: 'pen', type: 'view', at: noon, value: undefined },
    ...{ sessionId: 's1', orderId: 'o1', quantity: 3 },
  })
  expect(interactionOf(anEvent(1)).quantity).toBe(1)
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

test('an event without a user is that of the visitor its session names', () => {
  expect(interactionOf({ ...unnamed, session_id: 's1' })).toMatchObject({ userId: 'session:s1', sessionId: 's1' })
  expect(interactionOf({ ...unnamed, user_id: null, session_id: 's1' })).toMatchObject({ userId: 'session:s1' })
  expect(interactionOf(anEvent(1, { session_id: 'any / text' }))).toMatchObject({ userId: 'anna' })
})

test('an event of nobody is refused, as is a session whose name cannot be that of a user', () => {
  expect(errors(unnamed)).toEqual([['user_id', null]])
  expect(errors({ ...unnamed, session_id: 's/1' })).toEqual([['user_id', null]])
  expect(errors({ ...unnamed, session_id: 's'.repeat(121) })).toEqual([['user_id', null]])
  expect(errors({ ...unnamed, session_id: 's'.repeat(120) })).toBeUndefined()
})

test('nobody gives events to the session of another: such a user id is its own session’s', () => {
  expect(errors(anEvent(1, { user_id: 'session:s2' }))).toEqual([['user_id', 'session:s2']])
  expect(errors(anEvent(1, { user_id: 'session:s2', session_id: 's1' }))).toEqual([['user_id', 'session:s2']])
  expect(errors(anEvent(1, { user_id: 'session:s1', session_id: 's1' }))).toBeUndefined()
})

test('a login says whose a session is: it has both names and no item', () => {
  const login = anEvent(1, { event_type: 'login', session_id: 's1', item_id: undefined })
  const parsed = InteractionEvent.parse(login)
  expect(isLogin(parsed) && toLogin(parsed)).toEqual({ userId: 'anna', guestId: 'session:s1' })
  expect(errors({ ...login, session_id: undefined })).toEqual([['session_id', null]])
  expect(errors({ ...login, session_id: 'a/b' })).toEqual([['session_id', 'a/b']])
  expect(errors({ ...login, user_id: undefined })).toEqual([['user_id', null]])
  expect(errors({ ...login, user_id: 'session:s1' })).toEqual([['user_id', 'session:s1']])
})
