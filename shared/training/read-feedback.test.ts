import fc from 'fast-check'
import { expect, test } from 'vitest'
import { aRow, rowsQuery, type TrainingRow } from '../../tests/training-rows.ts'
import { identityNumber } from '../../tests/written-feedback.ts'
import { memoryPorts } from '../adapters/memory/ports.ts'
import { namesOf } from '../algorithms/name-list.ts'
import { eventTypes } from '../schemas/interaction.ts'
import { decodeFeedback, encodeFeedback, feedbackEvents, feedbackHeaderBytes } from './feedback-columns.ts'
import { readFeedback } from './read-feedback.ts'

const noon = Date.parse('2026-01-01T12:00:00Z') / 1000
const { sql } = memoryPorts()

async function columnsOf(rows: readonly TrainingRow[]) {
  await using session = await sql.open()
  return await readFeedback(rowsQuery(rows), session)
}

/** Every event with the names of its user and item. */
async function eventsOf(rows: readonly TrainingRow[]) {
  const { users, items, ...columns } = await columnsOf(rows)
  const [userNames, itemNames] = [namesOf(users), namesOf(items)]
  return Array.from(columns.key, (key, event) => ({
    user: userNames[columns.user[event]!],
    item: itemNames[columns.item[event]!],
    type: eventTypes[columns.type[event]!],
    second: columns.second[event],
    value: columns.value[event],
    basket: columns.basket[event],
    key,
  }))
}

test('purchases and events become columns, the oldest first', async () => {
  const events = await eventsOf([
    aRow({ user_id: 'ben', event_type: 'rating', value: 4, happened_at: '2026-01-01T12:00:05.900Z', identity: 'e1' }),
    aRow({ event_type: 'purchase', basket: 'order o1', identity: 'o1\npen' }),
  ])
  expect(events).toEqual([
    {
      ...{ user: 'anna', item: 'pen', type: 'purchase', second: noon, value: 0 },
      ...{ basket: identityNumber('order o1'), key: identityNumber('o1\npen') },
    },
    {
      ...{ user: 'ben', item: 'pen', type: 'rating', second: noon + 5, value: 4 },
      basket: 0,
      key: identityNumber('e1'),
    },
  ])
})

test('the same rows give the same columns, however they are dealt out to files', async () => {
  const names = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 })
  const row = fc.record({ user: names, item: names, second: fc.integer({ min: 0, max: 2 }) })
  const rows = fc.array(row, { minLength: 1, maxLength: 20 }).map(all =>
    all.map(({ user, item, second }, index) =>
      aRow({
        ...{ user_id: user, item_id: item, identity: `${index}`, happened_at: `2026-01-01T12:00:0${second}Z` },
      }),
    ),
  )
  await fc.assert(
    fc.asyncProperty(rows, async of => {
      const columns = await columnsOf(of)
      expect(await columnsOf([...of].reverse())).toEqual(columns)
      const seen = (await eventsOf(of)).map(({ user, item, key }) => `${key} ${user} ${item}`).sort()
      expect(seen).toEqual(of.map(each => `${identityNumber(each.identity)} ${each.user_id} ${each.item_id}`).sort())
    }),
    { numRuns: 10 },
  )
})

test('a shop of more names than one text holds gets each of them back', async () => {
  await using session = await sql.open()
  const query = `select 'Zoë ' || range as user_id, 'pen' as item_id, 'view' as event_type,
    timestamptz '2026-01-01 12:00:00Z' as happened_at, 0.0 as value, null::varchar as basket, range::varchar as identity
    from range(70000)`
  const { users, key } = await readFeedback(query, session)
  expect(new Set(namesOf(users))).toEqual(new Set(Array.from({ length: 70_000 }, (_, user) => `Zoë ${user}`)))
  expect(key).toHaveLength(70_000)
})

test('an event of a type that nobody knows stops the reading', async () => {
  await using session = await sql.open()
  const query = rowsQuery([aRow()]).replace('"view"', '"stare"')
  await expect(readFeedback(query, session)).rejects.toThrow('Cannot learn from an event of the type stare')
})

test('what a guest bought teaches nothing of users', async () => {
  await using session = await sql.open()
  const query = rowsQuery([aRow(), aRow()]).replace('"anna"', 'null')
  const { users, key } = await readFeedback(query, session)
  expect([namesOf(users), key.length]).toEqual([['anna'], 1])
})

test('times before 1970 and after 2106 count as the nearest second there is', async () => {
  const events = await eventsOf([
    aRow({ happened_at: '1969-12-31T23:59:59Z' }),
    aRow({ happened_at: '2999-01-01T00:00:00Z' }),
  ])
  expect(events.map(({ second }) => second)).toEqual([0, 2 ** 32 - 1])
})

test('columns come back from their bytes, and the first of these tell how many events there are', async () => {
  const columns = await columnsOf([aRow({ user_id: 'Zoë' }), aRow()])
  const bytes = encodeFeedback(columns)
  expect(decodeFeedback(bytes)).toEqual(columns)
  expect(feedbackEvents(bytes.subarray(0, feedbackHeaderBytes))).toBe(2)
})
