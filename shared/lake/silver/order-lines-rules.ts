import type { Rule } from '../build/ruled-build.ts'
import { orderRules } from './order-rules.ts'

/** What a line waits for is not held against it: what its order has in common is asked of the order. */
const ofOrder = orderRules.map(
  (rule): Rule => (rule.name === 'order_id' ? rule : { ...rule, check: `not _order_found or (${rule.check})` }),
)

export const orderLinesRules: readonly Rule[] = [
  ...ofOrder,
  {
    ...{ name: 'item_id', kind: 'null', column: 'item_id', check: 'item_id is not null' },
    reason: 'must not be empty',
  },
  {
    ...{ name: 'quantity', kind: 'range', column: 'quantity' },
    check: 'quantity <> 0 and quantity between -100000 and 100000',
    reason: 'must be a whole number from -100,000 to 100,000, and not 0',
  },
  {
    ...{ name: 'unit_price', kind: 'range', column: 'unit_price', check: 'unit_price between 0 and 1000000' },
    reason: 'must be a number from 0 to 1,000,000',
  },
  {
    ...{ name: 'discount', kind: 'range', column: 'discount', check: 'discount between 0 and 1000000' },
    reason: 'must be a number from 0 to 1,000,000',
  },
  {
    ...{ name: 'order_known', kind: 'reference', column: 'order_id', check: '_order_found' },
    reason: 'must be an order that has arrived: the line waits for it',
  },
  {
    ...{ name: 'item_known', kind: 'reference', column: 'item_id', check: '_item_found' },
    reason: 'must be an item of the catalogue: the line waits for it',
  },
]
