import { expect, test } from 'vitest'
import { CustomerRow, OrderRow, ProductRow } from './catalogue.ts'
import { popularityId } from './published.ts'

const order = {
  order_id: 'o1',
  user_id: 'anna',
  ordered_at: '2025-12-01',
  item_id: 'pen',
  quantity: '2',
  unit_price: '1.5',
}

test.each([
  ['2025-12-01', '2025-12-01T00:00:00.000Z'],
  ['2025-12-01 10:30', '2025-12-01T10:30:00.000Z'],
  ['2025-12-01T10:30:15', '2025-12-01T10:30:15.000Z'],
  ['2025-12-01T10:30:00+02:00', '2025-12-01T08:30:00.000Z'],
  [' 2025-12-01T10:30:00Z ', '2025-12-01T10:30:00.000Z'],
])('an order’s time %j is taken as %s: without an offset it is UTC', (sent, stored) => {
  expect(OrderRow.parse({ ...order, ordered_at: sent }).ordered_at).toBe(stored)
})

test.each(['yesterday', '01/12/2025', '2025-13-01', '', '20251201'])('an order’s time %j is refused', sent => {
  expect(OrderRow.safeParse({ ...order, ordered_at: sent }).success).toBe(false)
})

test.each(['0', '-1', '1.5', '', 'two'])('an order of %j pieces is refused', quantity => {
  expect(OrderRow.safeParse({ ...order, quantity }).success).toBe(false)
})

test('a product is in stock unless its row says no, and of the category Other unless it says which', () => {
  const product = { item_id: ' pen ', name: ' A pen ', price: '1.50' }
  expect(ProductRow.parse(product)).toEqual({
    ...{ item_id: 'pen', name: 'A pen', category: 'Other', price: 1.5, in_stock: true },
  })
  const stock = (in_stock: string) => ProductRow.parse({ ...product, in_stock }).in_stock
  expect(['', 'true', 'YES', '1'].map(stock)).toEqual([true, true, true, true])
  expect(['false', 'No', '0'].map(stock)).toEqual([false, false, false])
  expect(ProductRow.safeParse({ ...product, in_stock: 'maybe' }).success).toBe(false)
})

test('a customer may come without a country', () => {
  expect(CustomerRow.parse({ user_id: 'anna' })).toEqual({ user_id: 'anna', country: '' })
})

test('categories have popularity documents of their own, whatever their names hold', () => {
  const names = [undefined, 'all', 'Home & Garden', 'a/b', 'a?b', 'a%2Fb', 'a#b', 'a\\b', 'a b']
  const ids = names.map(popularityId)
  expect(new Set(ids).size).toBe(names.length)
  for (const id of ids) expect(id).toMatch(/^[^/\\?#]+$/)
})
