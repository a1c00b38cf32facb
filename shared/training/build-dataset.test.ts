import { expect, test } from 'vitest'
import type { Csr } from '../algorithms/csr.ts'
import { namesOf } from '../algorithms/name-list.ts'
import { type EventType, eventTypes } from '../schemas/interaction.ts'
import { buildDataset, type Purchases } from './build-dataset.ts'
import { type FeedbackColumns, numbering } from './read-feedback.ts'

const options = { weights: { rating: 0.4, purchase: 0.3, recency: 0.2, quantity: 0.1 }, recencyHalfLifeMs: 86_400_000 }
const catalogue = new Set(['pen', 'cup', 'tea'])

type Line = [
  user: string,
  type: EventType,
  item: string,
  more?: { key?: number; at?: number; value?: number; basket?: string },
]
let keys = 0

function columns(lines: readonly Line[]): FeedbackColumns {
  const [users, items, baskets] = [numbering(), numbering(), numbering()]
  const feedback: FeedbackColumns = {
    ...{ users: users.names, items: items.names, baskets: baskets.names },
    ...{ user: [], item: [], basket: [], type: [], at: [], value: [], key: [] },
  }
  for (const [user, type, item, { key, at = 100, value = 0, basket } = {}] of lines) {
    keys += 1
    feedback.user.push(users.numberOf(user))
    feedback.item.push(items.numberOf(item))
    feedback.basket.push(type === 'purchase' ? baskets.numberOf(basket ?? `basket of ${user}`) : -1)
    feedback.type.push(eventTypes.indexOf(type))
    feedback.at.push(at)
    feedback.value.push(value)
    feedback.key.push(key ?? 1_000 + keys)
  }
  return feedback
}
function built(...parts: Line[][]) {
  const { users, items, purchases, sales, ...rest } = buildDataset(parts.map(columns), catalogue, options)
  return {
    ...rest,
    users: namesOf(users),
    items: namesOf(items),
    sales: { item: [...sales.item], at: [...sales.at] },
    purchases: purchaseRows(purchases),
  }
}
/** By user: [item, second, times]. */
const purchaseRows = ({ indptr, entries }: Purchases) =>
  Array.from({ length: indptr.length - 1 }, (_, user) =>
    Array.from({ length: indptr[user + 1]! - indptr[user]! }, (_, place) => [
      ...entries.subarray(3 * (indptr[user]! + place), 3 * (indptr[user]! + place + 1)),
    ]),
  )
/** Columns of a row that hold something. */
const cells = ({ indptr, indices }: Csr, row: number) => [...indices.subarray(indptr[row], indptr[row + 1])]

test('users and items of several parts get one numbering', () => {
  const { users, items, userItems } = built(
    [['anna', 'view', 'pen']],
    [
      ['ben', 'view', 'cup'],
      ['anna', 'view', 'cup'],
    ],
  )
  expect([users, items]).toEqual([
    ['anna', 'ben'],
    ['pen', 'cup'],
  ])
  expect([cells(userItems, 0), cells(userItems, 1)]).toEqual([[0, 1], [1]])
})

test('an event of any part counts once, known by its identity', () => {
  const twice: Line = ['anna', 'purchase', 'pen', { key: 7 }]
  const { counts, purchases, sales } = built([twice, twice], [['anna', 'view', 'cup'], twice])
  expect(counts).toEqual({ events: 4, duplicates: 2, unknown_items: 0 })
  expect(purchases).toEqual([[[0, 100, 1]]])
  expect(sales).toEqual({ item: [0], at: [100] })
})

test('what is not in the catalogue is counted and left out, and makes no user', () => {
  const { users, items, counts, baskets } = built([
    ['ghost', 'purchase', 'unicorn'],
    ['anna', 'purchase', 'unicorn'],
    ['anna', 'purchase', 'pen'],
  ])
  expect([users, items]).toEqual([['anna'], ['pen']])
  expect(counts).toEqual({ events: 3, duplicates: 0, unknown_items: 2 })
  expect(baskets).toMatchObject({ rows: 1, columns: 1 })
})

test('bought items are not to be recommended, seen ones may be', () => {
  const { exclude, userItems } = built([
    ['anna', 'purchase', 'pen'],
    ['anna', 'view', 'cup'],
  ])
  expect(cells(userItems, 0)).toEqual([0, 1])
  expect(cells(exclude, 0)).toEqual([0])
})

test('a thumb down takes the item out of the matrix and keeps it from being recommended; a later thumb up undoes it', () => {
  const down: Line = ['anna', 'feedback', 'pen', { value: -1 }]
  const disliked = built([['anna', 'view', 'pen'], down, ['anna', 'view', 'cup']])
  expect(cells(disliked.userItems, 0)).toEqual([1])
  expect(cells(disliked.exclude, 0)).toEqual([0])
  const liked = built([down, ['anna', 'feedback', 'pen', { value: 1, at: 200 }]])
  expect(cells(liked.userItems, 0)).toEqual([0])
  expect(liked.userItems.values[0]).toBeCloseTo(0.4)
  expect(cells(liked.exclude, 0)).toEqual([])
})

test('an item bought again in one basket is in it once; in another basket it is there too', () => {
  const { baskets, purchases } = built([
    ['anna', 'purchase', 'pen', { basket: 'o1' }],
    ['anna', 'purchase', 'cup', { basket: 'o1' }],
    ['anna', 'purchase', 'pen', { basket: 'o1' }],
    ['anna', 'purchase', 'pen', { basket: 'o2', at: 300 }],
  ])
  expect([cells(baskets, 0), cells(baskets, 1)]).toEqual([[0, 1], [0]])
  expect(purchases).toEqual([
    [
      [0, 300, 3],
      [1, 100, 1],
    ],
  ])
})

test('purchases are listed newest first, and the newest event is when the data ends', () => {
  const { purchases, until } = built([
    ['anna', 'purchase', 'pen', { at: 100 }],
    ['anna', 'purchase', 'cup', { at: 300 }],
    ['anna', 'purchase', 'tea', { at: 200 }],
    ['ben', 'view', 'tea', { at: 400 }],
  ])
  expect(purchases[0]?.map(([item]) => item)).toEqual([1, 2, 0])
  expect(until).toBe(400)
})

test('nothing in bronze is an empty dataset', () => {
  expect(built()).toMatchObject({ users: [], items: [], until: 0, counts: { events: 0 } })
})
