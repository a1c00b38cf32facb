import type { Delivered } from '../shared/ingest/delivered.ts'

/** The event ids of a test: small numbers as UUIDs. */
export const eventId = (number: number) => `${number.toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`

/** A valid event as a shop posts it; at noon, January 1st 2026, `second` seconds later. */
export function anEvent(
  number: number,
  fields: Record<string, unknown> = {},
  second = number,
): Record<string, unknown> {
  return {
    schema_version: 1,
    event_id: eventId(number),
    user_id: 'anna',
    event_type: 'view',
    item_id: 'pen',
    ts: new Date(noon + second * 1000).toISOString(),
    ...fields,
  }
}
export const noon = Date.UTC(2026, 0, 1, 12)

/** Bodies as the hub delivers them: sequence numbers from `from` on, all enqueued a minute after noon. */
export function deliveredFrom(from: number, bodies: readonly unknown[]): Delivered[] {
  const enqueuedAt = new Date(noon + 60_000).toISOString()
  return bodies.map((body, index) => ({ sequenceNumber: from + index, enqueuedAt, body }))
}
