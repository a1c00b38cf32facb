import type { Rule } from '../build/ruled-build.ts'

export const ratingsRules: readonly Rule[] = [
  {
    ...{ name: 'user_id', kind: 'null', column: 'user_id', check: 'user_id is not null' },
    reason: 'must not be empty',
  },
  {
    ...{ name: 'item_id', kind: 'null', column: 'item_id', check: 'item_id is not null' },
    reason: 'must not be empty',
  },
  {
    ...{ name: 'rating', kind: 'range', column: 'rating', check: 'rating between 1 and 5' },
    reason: 'must be a number from 1 to 5',
  },
  {
    ...{ name: 'rated_at', kind: 'range', column: 'rated_at' },
    check: 'can_have_been(rated_at, _ingested_at)',
    reason: 'must be a date and time from 1970 on, not more than a day after the row was received',
  },
]
