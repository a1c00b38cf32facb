import type { Rule } from '../build/ruled-build.ts'

export const customersRules: readonly Rule[] = [
  {
    ...{ name: 'user_id', kind: 'null', column: 'user_id', check: 'user_id is not null' },
    reason: 'must not be empty',
  },
  {
    ...{ name: 'birth_year', kind: 'range', column: 'birth_year' },
    check: '_birth_year is null or whole_of(_birth_year) between 1900 and year(_ingested_at)',
    reason: 'must be a year from 1900 to now',
  },
  {
    ...{ name: 'birth_date', kind: 'range', column: 'birth_date' },
    check: '_birth is null or birth_year between 1900 and year(_ingested_at)',
    reason: 'must be a date from 1900 to now, or an age in years',
  },
  {
    ...{ name: 'signup_date', kind: 'range', column: 'signup_date' },
    check: `_signup_date is null
      or signup_date between date '1970-01-01' and (_ingested_at + interval 1 day)::date`,
    reason: 'must be a date from 1970 on, not more than a day after the row was received',
  },
  {
    ...{ name: 'updated_at', kind: 'range', column: 'updated_at' },
    check: 'can_have_been(told_at, _ingested_at)',
    reason: 'must be a date and time from 1970 on, not more than a day after the row was received',
  },
]
