import type { Rule } from '../build/ruled-build.ts'

const channels = [
  ...['web', 'app', 'store', 'phone', 'email', 'marketplace', 'social', 'kiosk', 'partner', 'other'],
] as const

const statuses = [
  ...['created', 'pending', 'approved', 'paid', 'invoiced', 'processing', 'shipped', 'delivered', 'completed'],
  ...['cancelled', 'returned', 'refunded', 'unavailable', 'failed'],
] as const

const listed = (values: readonly string[]): string => values.map(value => `'${value}'`).join(', ')

/** When an order was: what a shop cannot have sold yet when the lake got it is no order. */
const orderedAt = 'can_have_been(ordered_at, _ingested_at)'

/** What a header and a flat line must say of their order. */
export const orderRules: readonly Rule[] = [
  {
    ...{ name: 'order_id', kind: 'null', column: 'order_id', check: 'order_id is not null' },
    reason: 'must not be empty',
  },
  {
    ...{ name: 'ordered_at', kind: 'range', column: 'ordered_at', check: orderedAt },
    reason: 'must be a date and time from 1970 on, not more than a day after the row was received',
  },
  {
    ...{ name: 'channel', kind: 'enum', column: 'channel', check: `channel in (${listed(channels)})` },
    reason: `must be one of ${channels.join(', ')}, or a usual name for it`,
  },
  {
    ...{ name: 'status', kind: 'enum', column: 'status', check: `status is null or status in (${listed(statuses)})` },
    reason: `must be one of ${statuses.join(', ')}`,
  },
  {
    ...{ name: 'currency', kind: 'format', column: 'currency' },
    check: `currency is null or regexp_full_match(currency, '[A-Z]{3}')`,
    reason: 'must be three letters, as ISO 4217 has them',
  },
]
