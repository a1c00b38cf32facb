import type { Rule } from '../build/ruled-build.ts'

const amount = (column: string): string => `_${column} is null or ${column} between 0 and 1000000`

export const productsRules: readonly Rule[] = [
  {
    ...{ name: 'item_id', kind: 'null', column: 'item_id', check: 'item_id is not null' },
    reason: 'must not be empty',
  },
  {
    ...{ name: 'name', kind: 'null', column: 'name', check: 'name is not null or not _is_full' },
    reason: 'must not be empty',
  },
  {
    ...{ name: 'price', kind: 'range', column: 'price' },
    check: `(${amount('price')}) and (price is not null or not _is_full)`,
    reason: 'must be a number from 0 to 1,000,000',
  },
  {
    ...{ name: 'cost', kind: 'range', column: 'cost', check: amount('cost') },
    reason: 'must be a number from 0 to 1,000,000',
  },
  {
    ...{ name: 'stock', kind: 'range', column: 'stock' },
    check: '_stock is null or stock between -1000000000 and 1000000000',
    reason: 'must be a whole number within ±1,000,000,000',
  },
  {
    ...{ name: 'in_stock', kind: 'enum', column: 'in_stock', check: '_in_stock is null or in_stock is not null' },
    reason: 'must be true or false, yes or no, 1 or 0',
  },
  {
    ...{ name: 'updated_at', kind: 'range', column: 'updated_at' },
    check: 'can_have_been(updated_at, _ingested_at)',
    reason: 'must be a date and time from 1970 on, not more than a day after the row was received',
  },
]
