import { eventTypes } from '../../schemas/interaction.ts'
import type { Rule } from '../build/ruled-build.ts'

const present = (column: string): Rule => ({
  ...{ name: column, kind: 'null', column, check: `${column} is not null` },
  reason: 'must not be empty',
})

const eventTime: Rule = {
  ...{ name: 'ts', kind: 'range', column: 'ts' },
  check: 'can_have_been(happened_at, _ingested_at)',
  reason: 'must be a date and time from 1970 on, not more than a day after the event was received',
}

export const loginsRules: readonly Rule[] = [...['event_id', 'user_id', 'session_id'].map(present), eventTime]

export const interactionsRules: readonly Rule[] = [
  ...['event_id', 'user_id', 'item_id'].map(present),
  {
    ...{ name: 'event_type', kind: 'enum', column: 'event_type' },
    check: `event_type in (${eventTypes.map(type => `'${type}'`).join(', ')})`,
    reason: `must be one of ${eventTypes.join(', ')}`,
  },
  eventTime,
  {
    ...{ name: 'quantity', kind: 'range', column: 'quantity' },
    check: '_quantity is null or quantity between 1 and 1000000',
    reason: 'must be a whole number from 1 to 1,000,000',
  },
  {
    ...{ name: 'value', kind: 'range', column: 'value' },
    check: `case event_type when 'rating' then value between 1 and 5 when 'feedback' then value in (-1, 1) else true end`,
    reason: 'must be a number from 1 to 5 for a rating, and -1 or 1 for feedback',
  },
]
