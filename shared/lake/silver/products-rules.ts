import type { Rule } from '../build/ruled-build.ts'

const isList = (column: string, countMax: number): string =>
  `_${column} is null or is_list(${column}, ${countMax}, 100)`
const listReason = (countMax: number) =>
  `must be at most ${countMax} texts of at most 100 characters, with | between them`
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
  { ...{ name: 'tags', kind: 'range', column: 'tags', check: isList('tags', 50) }, reason: listReason(50) },
  { ...{ name: 'channels', kind: 'range', column: 'channels', check: isList('channels', 50) }, reason: listReason(50) },
  { ...{ name: 'regions', kind: 'range', column: 'regions', check: isList('regions', 250) }, reason: listReason(250) },
  {
    ...{ name: 'min_age', kind: 'range', column: 'min_age', check: '_min_age is null or min_age between 0 and 120' },
    reason: 'must be a whole number from 0 to 120',
  },
  {
    ...{ name: 'hidden', kind: 'enum', column: 'hidden', check: '_hidden is null or hidden is not null' },
    reason: 'must be true or false, yes or no, 1 or 0',
  },
  {
    ...{ name: 'updated_at', kind: 'range', column: 'updated_at' },
    check: 'can_have_been(updated_at, _ingested_at)',
    reason: 'must be a date and time from 1970 on, not more than a day after the row was received',
  },
]
