import { expect, test } from 'vitest'
import { anEvent, noon } from '../../tests/events.ts'
import { memoryPorts } from '../adapters/memory/ports.ts'
import { identityHash } from '../algorithms/identity-hash.ts'
import { namesOf } from '../algorithms/name-list.ts'
import { eventTypes } from '../schemas/interaction.ts'
import { decodeFeedback, encodeFeedback, feedbackEvents, feedbackHeaderBytes } from './feedback-columns.ts'
import { readFeedback } from './read-feedback.ts'

const order = (fields: Record<string, unknown> = {}) => ({
  order: {
    ...{ order_id: 'o1', user_id: 'anna', ordered_at: new Date(noon).toISOString(), item_id: 'pen' },
    ...{ quantity: 1, unit_price: 1.5 },
    ...fields,
  },
})
const purchase = (number: number, fields: Record<string, unknown> = {}, second = number) =>
  anEvent(number, { event_type: 'purchase', ...fields }, second)

async function read(of: { orders?: unknown[]; events?: unknown[] }) {
  const { orders = [], events = [] } = of
  const ports = memoryPorts()
  const lines = (all: unknown[]) => Buffer.from(all.map(line => `${JSON.stringify(line)}\n`).join(''))
  await ports.blobs.write('bronze/orders/a.ndjson', lines(orders))
  await ports.blobs.write('bronze/_segments/interactions/b.ndjson', lines(events.map(event => ({ event }))))
  const paths = ['bronze/orders/a.ndjson', 'bronze/_segments/interactions/b.ndjson']
  const { users, items, ...columns } = await readFeedback(paths, ports.blobs)
  const { user, item, basket, type, second, value, key } = columns
  return {
    ...{ users: namesOf(users), items: namesOf(items), user: [...user], item: [...item], basket: [...basket] },
    ...{ type: [...type], second: [...second], value: [...value], key: [...key] },
  }
}
const basketOf = (name: string) => identityHash(name)

test('orders and events become columns, with users and items numbered as they appear', async () => {
  const feedback = await read({
    orders: [order(), order({ item_id: 'cup', user_id: 'ben', order_id: 'o2' })],
    events: [anEvent(1, { item_id: 'cup' }, 5), anEvent(2, { user_id: 'carl', event_type: 'rating', value: 4 }, 6)],
  })
  expect(feedback).toMatchObject({
    users: ['anna', 'ben', 'carl'],
    items: ['pen', 'cup'],
    user: [0, 1, 0, 2],
    item: [0, 1, 1, 0],
    basket: [basketOf('order o1'), basketOf('order o2'), 0, 0],
    type: (['purchase', 'purchase', 'view', 'rating'] as const).map(type => eventTypes.indexOf(type)),
    second: [noon / 1000, noon / 1000, noon / 1000 + 5, noon / 1000 + 6],
    value: [0, 0, 0, 4],
  })
})

test('an impression teaches nothing: it is left out', async () => {
  const shown = { event_type: 'impression', recommendation_id: 'r1', position: 1, propensity: 0.5, user_id: 'carl' }
  const { users, type } = await read({ events: [anEvent(1, shown), anEvent(2)] })
  expect([users, type]).toEqual([['anna'], [eventTypes.indexOf('view')]])
})

test('a basket is the order; without one the session; without one what the user bought that day', async () => {
  const { basket } = await read({
    events: [
      purchase(1, { order_id: 'o1', session_id: 's1' }),
      purchase(2, { session_id: 's1' }),
      purchase(3, { session_id: 's1', item_id: 'cup' }),
      purchase(4),
      purchase(5, { item_id: 'cup' }, 3600),
      purchase(6, {}, 86_400),
      purchase(7, { user_id: 'ben' }),
    ],
  })
  const [session, day, next] = ['session s1', 'session anna 2026-01-01', 'session anna 2026-01-02']
  const baskets = ['order o1', session, session, day, day, next, 'session ben 2026-01-01']
  expect(basket).toEqual(baskets.map(basketOf))
})

test('an order line and the purchase event of the same order and item are one; other events go by their id', async () => {
  const { key } = await read({
    orders: [order(), order({ item_id: 'cup' })],
    events: [purchase(1, { order_id: 'o1' }), purchase(2), anEvent(3), anEvent(3), anEvent(4)],
  })
  const [line, other, sameLine, unordered, view, sameView, otherView] = key
  expect(sameLine).toBe(line)
  expect(sameView).toBe(view)
  expect(new Set([line, other, unordered, view, otherView]).size).toBe(5)
})

test('a file that is gone, and a line that is broken, stop the reading: bronze is never broken', async () => {
  const ports = memoryPorts()
  await expect(readFeedback(['bronze/orders/gone'], ports.blobs)).rejects.toThrow('Cannot read bronze/orders/gone')
  await ports.blobs.write('bronze/orders/a', Buffer.from('{"order":{}}\n'))
  await expect(readFeedback(['bronze/orders/a'], ports.blobs)).rejects.toThrow()
})

test('files are read in the order given, however many there are', async () => {
  const ports = memoryPorts()
  const paths = Array.from({ length: 30 }, (_, file) => `bronze/orders/${file}`)
  for (const [file, path] of paths.entries()) {
    await ports.blobs.write(path, Buffer.from(`${JSON.stringify(order({ user_id: `u${file}` }))}\n`))
  }
  const { users } = await readFeedback(paths, ports.blobs)
  expect(namesOf(users)).toEqual(paths.map((_, file) => `u${file}`))
})

test('columns come back from their bytes, and the first of these tell how many events there are', async () => {
  const ports = memoryPorts()
  await ports.blobs.write('bronze/orders/a', Buffer.from(`${JSON.stringify(order({ user_id: 'Zoë' }))}\n`))
  const columns = await readFeedback(['bronze/orders/a', 'bronze/orders/a'], ports.blobs)
  const bytes = encodeFeedback(columns)
  expect(decodeFeedback(bytes)).toEqual(columns)
  expect(feedbackEvents(bytes.subarray(0, feedbackHeaderBytes))).toBe(2)
})
