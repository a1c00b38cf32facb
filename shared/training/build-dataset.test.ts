import fc from 'fast-check'
import { expect, test } from 'vitest'
import { writtenFeedback } from '../../tests/written-feedback.ts'
import type { Csr } from '../algorithms/csr.ts'
import { namesOf } from '../algorithms/name-list.ts'
import { type EventType, eventTypes } from '../schemas/interaction.ts'
import { buildDataset, type Dataset, type Purchases } from './build-dataset.ts'
import { addEvent, cellStrength, emptyCell, type FeedbackCell } from './feedback-cell.ts'
import type { FeedbackColumns } from './feedback-columns.ts'
import { gatherEvents } from './gather-events.ts'

const options = { weights: { rating: 0.4, purchase: 0.3, recency: 0.2, quantity: 0.1 }, recencyHalfLifeMs: 86_400_000 }
const catalogue = new Set(['pen', 'cup', 'tea'])

type Line = [
  user: string,
  type: EventType,
  item: string,
  more?: { key?: string; at?: number; value?: number; basket?: string },
]
let keys = 0

function columns(lines: readonly Line[]): FeedbackColumns {
  const written = lines.map(([userId, type, itemId, more = {}]) => {
    const { key, at: second = 100, value = 0, basket = `basket of ${userId}` } = more
    keys += 1
    const identity = key ?? `event ${keys}`
    const place = type === 'purchase' ? basket : undefined
    return { userId, itemId, basket: place, type: eventTypes.indexOf(type), second, value, identity }
  })
  return writtenFeedback(written)
}
function datasetOf(parts: readonly FeedbackColumns[]): Dataset {
  const gathering = gatherEvents(
    parts.reduce((sum, { key }) => sum + key.length, 0),
    catalogue,
  )
  for (const part of parts) gathering.add(part)
  return buildDataset(gathering.events(), options)
}
function built(...parts: Line[][]) {
  const { users, items, purchases, sales, ...rest } = datasetOf(parts.map(columns))
  return {
    ...rest,
    users: namesOf(users),
    items: namesOf(items),
    sales: { item: [...sales.item], at: [...sales.at] },
    purchases: purchaseRows(purchases),
  }
}
/** By user: [item, last second, times, first second]. */
const purchaseRows = ({ indptr, entries }: Purchases) =>
  Array.from({ length: indptr.length - 1 }, (_, user) =>
    Array.from({ length: indptr[user + 1]! - indptr[user]! }, (_, place) => [
      ...entries.subarray(4 * (indptr[user]! + place), 4 * (indptr[user]! + place + 1)),
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
  const twice: Line = ['anna', 'purchase', 'pen', { key: 'seven' }]
  const { counts, purchases, sales } = built([twice, twice], [['anna', 'view', 'cup'], twice])
  expect(counts).toEqual({ events: 4, duplicates: 2, unknown_items: 0 })
  expect(purchases).toEqual([[[0, 100, 1, 100]]])
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
      [0, 300, 3, 100],
      [1, 100, 1, 100],
    ],
  ])
})

test('views, clicks and additions to a cart are kept in the order of time, beside what was bought', () => {
  const { views, sales } = built([
    ['anna', 'view', 'pen', { at: 100 }],
    ['ben', 'add_to_cart', 'cup', { at: 110 }],
    ['anna', 'purchase', 'pen', { at: 120 }],
    ['anna', 'rating', 'pen', { at: 130, value: 4 }],
    ['anna', 'click', 'cup', { at: 140 }],
  ])
  expect(views).toEqual({
    user: Uint32Array.of(0, 1, 0),
    item: Uint32Array.of(0, 1, 1),
    at: Uint32Array.of(100, 110, 140),
  })
  expect(sales).toEqual({ item: [0], at: [120] })
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

test('no feedback is an empty dataset', () => {
  expect(built()).toMatchObject({ users: [], items: [], until: 0, counts: { events: 0 } })
})

const anyLines = fc.array(
  fc
    .record({
      user: fc.constantFrom('anna', 'ben', 'carl', 'Zoë'),
      type: fc.constantFrom(...eventTypes),
      item: fc.constantFrom('pen', 'cup', 'tea', 'unicorn'),
      key: fc.integer({ min: 1, max: 60 }).map(String),
      at: fc.integer({ min: 0, max: 400_000 }),
      rating: fc.integer({ min: 1, max: 5 }),
      basket: fc.constantFrom('o1', 'o2', 'o3'),
    })
    .map(({ user, type, item, key, at, rating, basket }): Line => {
      const value = type === 'rating' ? rating : type === 'feedback' ? (rating > 2 ? 1 : -1) : 0
      return [user, type, item, { key, at, value, basket }]
    }),
  { maxLength: 60 },
)

test('agrees with gathering the cells in Maps, one by one', () => {
  fc.assert(
    fc.property(anyLines, lines => {
      const { users, items, userItems, times, exclude, purchases, until } = built(lines)
      const cells = cellsInMaps(lines)
      for (const [user, userId] of users.entries()) {
        for (const [item, itemId] of items.entries()) {
          const cell = cells.get(`${userId} ${itemId}`) ?? emptyCell()
          const bought = purchases[user]?.find(([column]) => column === item)
          expect(valueAt(userItems, user, item)).toBe(Math.fround(cellStrength(cell, until * 1000, options)))
          expect(valueAt(exclude, user, item)).toBe(cell.disliked || cell.counts.purchase > 0 ? 1 : 0)
          const { counts, lastBoughtAt, firstBoughtAt } = cell
          const purchase = [item, lastBoughtAt / 1000, counts.purchase, firstBoughtAt / 1000]
          expect(bought).toEqual(counts.purchase > 0 ? purchase : undefined)
          const entry = entryAt(userItems, user, item)
          if (entry >= 0) expect(times[entry]).toBe(cell.lastAt / 1000)
        }
      }
    }),
  )
})

test('however feedback is cut into parts, the dataset is the same', () => {
  fc.assert(
    fc.property(anyLines, fc.nat(60), fc.nat(60), (lines, one, other) => {
      const [from, to] = [Math.min(one, other), Math.max(one, other)]
      const cut = [lines.slice(0, from), lines.slice(from, to), lines.slice(to)]
      expect(built(...cut)).toEqual(built(lines))
    }),
  )
})

/** The straight version: by user and item, what the events say that come first with their key. */
function cellsInMaps(lines: readonly Line[]): Map<string, FeedbackCell> {
  const cells = new Map<string, FeedbackCell>()
  const seen = new Set<string>()
  for (const [user, type, item, { key = '', at = 0, value = 0 } = {}] of lines) {
    if (seen.has(key)) continue
    seen.add(key)
    const cell = cells.get(`${user} ${item}`) ?? emptyCell()
    cells.set(`${user} ${item}`, cell)
    addEvent(cell, { type, at: at * 1000, value })
  }
  return cells
}

function valueAt(matrix: Csr, row: number, column: number): number {
  const entry = entryAt(matrix, row, column)
  return entry < 0 ? 0 : (matrix.values[entry] ?? 0)
}

/** Where a matrix holds an entry; -1 when it does not. */
function entryAt({ indptr, indices }: Csr, row: number, column: number): number {
  const place = indices.subarray(indptr[row], indptr[row + 1]).indexOf(column)
  return place < 0 ? -1 : indptr[row]! + place
}

test('a user’s digest depends on the user’s events alone, not on their order, their part or a repeat', () => {
  const digestsOf = (...parts: Line[][]) => {
    const { users, digests } = datasetOf(parts.map(columns))
    return new Map(namesOf(users).map((name, user) => [name, [...digests.subarray(2 * user, 2 * user + 2)].join()]))
  }
  const anna: Line[] = [
    ['anna', 'view', 'pen', { key: 'a1' }],
    ['anna', 'purchase', 'cup', { key: 'a2' }],
  ]
  const ben: Line[] = [['ben', 'view', 'pen', { key: 'b1' }]]
  const before = digestsOf([...anna, ...ben])
  const later = digestsOf(ben, [...anna.toReversed(), ...anna], [['ben', 'view', 'pen', { key: 'b2' }]])
  expect(later.get('anna')).toBe(before.get('anna'))
  expect(later.get('ben')).not.toBe(before.get('ben'))
  expect(digestsOf([...ben, ['anna', 'view', 'unicorn']])).toEqual(new Map([['ben', before.get('ben')]]))
})
