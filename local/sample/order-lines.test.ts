import { describe, expect, test } from 'vitest'
import { orderLines } from './order-lines.ts'
import type { SourceLine } from './source-lines.ts'

function line(changes: Partial<SourceLine>): SourceLine {
  return {
    invoice: '1',
    cancels: false,
    itemId: '85123A',
    description: 'LANTERN',
    quantity: 6,
    unitPrice: 2,
    orderedAt: '2011-01-01T10:00:00Z',
    customerId: '17850',
    country: 'France',
    ...changes,
  }
}

function cancelled(quantity: number, orderedAt: string, changes: Partial<SourceLine> = {}): SourceLine {
  return line({ invoice: 'C9', cancels: true, quantity: -quantity, orderedAt, ...changes })
}

describe('orderLines()', () => {
  test("sums an invoice's lines of one item at their mean price by quantity", () => {
    const lines = orderLines([line({ quantity: 1, unitPrice: 2 }), line({ quantity: 3, unitPrice: 1 })])
    expect(lines).toMatchObject([{ orderId: '1', itemId: '85123A', quantity: 4, unitPrice: 1.25 }])
  })

  test('gives all lines of an order its earliest time', () => {
    const lines = orderLines([line({ orderedAt: '2011-01-01T10:01:00Z' }), line({ itemId: '22423' })])
    expect(new Set(lines.map(({ orderedAt }) => orderedAt))).toEqual(new Set(['2011-01-01T10:00:00Z']))
  })

  test('takes cancelled pieces off the latest earlier line and drops a line without pieces left', () => {
    const lines = orderLines([
      line({ invoice: '1', quantity: 6 }),
      line({ invoice: '2', quantity: 2, orderedAt: '2011-02-01T10:00:00Z' }),
      line({ invoice: '3', quantity: 5, orderedAt: '2011-04-01T10:00:00Z' }),
      cancelled(3, '2011-03-01T10:00:00Z'),
    ])
    expect(lines.map(({ orderId, quantity }) => [orderId, quantity])).toEqual([
      ['1', 5],
      ['3', 5],
    ])
  })

  test('lets a cancellation of what was never bought, or by somebody else, change nothing', () => {
    const lines = orderLines([
      line({}),
      cancelled(6, '2010-12-01T10:00:00Z'),
      cancelled(6, '2011-02-01T10:00:00Z', { customerId: '12348' }),
      cancelled(6, '2011-02-01T10:00:00Z', { itemId: '22423' }),
    ])
    expect(lines).toMatchObject([{ quantity: 6 }])
  })

  test('sorts by time, then order, then item', () => {
    const lines = orderLines([
      line({ invoice: '3', orderedAt: '2011-02-01T10:00:00Z' }),
      line({ invoice: '2', itemId: '9' }),
      line({ invoice: '2', itemId: '10' }),
      line({ invoice: '1' }),
    ])
    expect(lines.map(({ orderId, itemId }) => `${orderId} ${itemId}`)).toEqual(['1 85123A', '2 10', '2 9', '3 85123A'])
  })
})
