import { expect, test } from 'vitest'
import { customers, products } from './catalogue.ts'
import type { SourceLine } from './source-lines.ts'

const sold: SourceLine = {
  invoice: '1',
  cancels: false,
  itemId: '22423',
  description: 'REGENCY CAKESTAND 3 TIER',
  quantity: 1,
  unitPrice: 12.75,
  orderedAt: '2011-01-01T10:00:00Z',
  customerId: '12348',
  country: 'Finland',
}

test('products() names an item by its most frequent description and price over sales', () => {
  const bulk = { ...sold, unitPrice: 10.95, description: 'CAKESTAND ???' }
  const cancellation = { ...bulk, cancels: true, quantity: -1 }
  expect(products([sold, bulk, sold, cancellation, cancellation], new Set(['22423']))).toEqual([
    { itemId: '22423', name: 'Regency Cakestand 3 Tier', category: 'Kitchen & Dining', price: 12.75 },
  ])
})

test('products() gives a tie to the lower price and lists by id, only what is asked for', () => {
  const lines = [sold, { ...sold, unitPrice: 9 }, { ...sold, itemId: '10002' }, { ...sold, itemId: '99999' }]
  expect(products(lines, new Set(['22423', '10002'])).map(({ itemId, price }) => [itemId, price])).toEqual([
    ['10002', 12.75],
    ['22423', 9],
  ])
})

test('customers() gives a customer who moved the latest country', () => {
  const moved = { ...sold, country: 'Denmark', orderedAt: '2011-06-01T10:00:00Z' }
  expect(customers([moved, sold], new Set(['12348']))).toEqual([{ customerId: '12348', country: 'Denmark' }])
})
