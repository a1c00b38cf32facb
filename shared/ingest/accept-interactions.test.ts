import { expect, test } from 'vitest'
import { anEvent, eventId, noon } from '../../tests/events.ts'
import { memoryPorts } from '../adapters/memory/ports.ts'
import { AppError } from '../schemas/errors.ts'
import { InteractionEvent } from '../schemas/interaction.ts'
import { acceptInteractions } from './accept-interactions.ts'

const refusal = async (body: unknown) => {
  const ports = memoryPorts({ now: noon })
  const cause: unknown = await acceptInteractions(body, ports).catch((thrown: unknown) => thrown)
  expect(ports.appended).toEqual([])
  if (!(cause instanceof AppError)) throw new Error('It was accepted')
  return { code: cause.code, errors: cause.errors }
}

test('one event goes to the log under its user’s key, as it was sent', async () => {
  const ports = memoryPorts({ now: noon })
  const event = anEvent(1, { order_id: 'o1', campaign: 'spring' })
  expect(await acceptInteractions(event, ports)).toEqual({ eventIds: [eventId(1)], rejected: [] })
  expect(ports.appended).toEqual([{ hub: 'interactions', key: 'anna', body: event }])
})

test('what the sender leaves out is filled in: event id, time, schema version', async () => {
  const ports = memoryPorts({ now: noon })
  const { eventIds } = await acceptInteractions({ user_id: 'anna', event_type: 'view', item_id: 'pen' }, ports)
  expect(ports.appended[0]?.body).toEqual({
    ...{ schema_version: 1, event_id: eventIds[0], ts: '2026-01-01T12:00:00.000Z' },
    ...{ user_id: 'anna', event_type: 'view', item_id: 'pen' },
  })
  expect(InteractionEvent.safeParse(ports.appended[0]?.body).success).toBe(true)
})

test('product_id is accepted for item_id and travels as item_id', async () => {
  const ports = memoryPorts({ now: noon })
  await acceptInteractions({ user_id: 'anna', event_type: 'view', product_id: 'pen' }, ports)
  expect(ports.appended[0]?.body).toMatchObject({ item_id: 'pen' })
  expect(ports.appended[0]?.body).not.toHaveProperty('product_id')
})

test('of several the good ones are accepted in order, and each bad one is named by its index', async () => {
  const ports = memoryPorts({ now: noon })
  const body = [anEvent(1), anEvent(2, { event_type: 'stare' }), anEvent(3, { user_id: 'ben' }), 7]
  const { eventIds, rejected } = await acceptInteractions(body, ports)
  expect(eventIds).toEqual([eventId(1), eventId(3)])
  expect(rejected).toMatchObject([
    {
      index: 1,
      code: 'invalid',
      field: 'event_type',
      value: 'stare',
      reason: expect.stringMatching(/^must be one of/),
    },
    { index: 3, code: 'invalid', field: '(body)', value: 7 },
  ])
  expect(ports.appended.map(({ key }) => key)).toEqual(['anna', 'ben'])
})

test.each([
  ['a missing item', { item_id: undefined }, 'missing', 'item_id', null],
  ['an empty item', { item_id: '' }, 'invalid', 'item_id', ''],
  ['an item id with a slash', { item_id: 'a/b' }, 'invalid', 'item_id', 'a/b'],
  ['a bad product_id', { item_id: undefined, product_id: 'a#b' }, 'invalid', 'item_id', 'a#b'],
  ['a user that is a number', { user_id: 5 }, 'invalid', 'user_id', 5],
  ['an unknown type', { event_type: 'stare' }, 'invalid', 'event_type', 'stare'],
  ['an id that is no UUID', { event_id: '1' }, 'invalid', 'event_id', '1'],
  ['a time without an offset', { ts: '2026-01-01T12:00:00' }, 'invalid', 'ts', '2026-01-01T12:00:00'],
  ['a time that is none', { ts: 'noon' }, 'invalid', 'ts', 'noon'],
  ['an old contract', { schema_version: 2 }, 'invalid', 'schema_version', 2],
  ['half a piece', { quantity: 0.5 }, 'invalid', 'quantity', 0.5],
  ['no piece', { quantity: 0 }, 'invalid', 'quantity', 0],
  ['a rating without stars', { event_type: 'rating' }, 'missing', 'value', null],
  ['a rating of six', { event_type: 'rating', value: 6 }, 'invalid', 'value', 6],
  ['a thumb held level', { event_type: 'feedback', value: 0 }, 'invalid', 'value', 0],
  ['a negative price', { context: { price: -1 } }, 'invalid', 'context.price', -1],
])('%s is refused by field and value', async (_, fields, code, field, value) => {
  expect(await refusal(anEvent(1, fields))).toMatchObject({
    code: 'invalid_body',
    errors: [{ index: 0, code, field, value }],
  })
})

test('a time up to a day ahead is accepted, beyond it is refused: it would outlive every honest event', async () => {
  const dayAhead = new Date(noon + 24 * 3_600_000)
  const ports = memoryPorts({ now: noon })
  await acceptInteractions(anEvent(1, { ts: dayAhead.toISOString() }), ports)
  expect(ports.appended).toHaveLength(1)
  const ts = new Date(dayAhead.getTime() + 1).toISOString()
  expect((await refusal(anEvent(1, { ts }))).errors).toMatchObject([{ field: 'ts', value: ts }])
})

test('a request holds 1 to 1000 events', async () => {
  expect(await refusal([])).toMatchObject({ code: 'invalid_body', errors: [{ field: '(body)', value: 0 }] })
  const tooMany = Array.from({ length: 1001 }, (_, number) => anEvent(number))
  expect(await refusal(tooMany)).toMatchObject({ code: 'invalid_body', errors: [{ field: '(body)', value: 1001 }] })
  const ports = memoryPorts({ now: noon })
  expect((await acceptInteractions(tooMany.slice(1), ports)).eventIds).toHaveLength(1000)
})

test('a log that cannot store the events refuses them all', async () => {
  const ports = memoryPorts({ now: noon })
  const broken = { ...ports, eventLog: { append: () => Promise.reject(new Error('the hub is away')) } }
  await expect(acceptInteractions(anEvent(1), broken)).rejects.toThrow('the hub is away')
})
