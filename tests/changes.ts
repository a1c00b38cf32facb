import { eventId, noon } from './events.ts'

/** A valid change as a shop's systems send it; at noon, January 1st 2026, `number` seconds later. */
export function aChange(number: number, fields: Record<string, unknown>): Record<string, unknown> {
  const ts = new Date(noon + number * 1000).toISOString()
  return { schema_version: 1, change_id: eventId(number), op: 'update', entity: 'item', key: 'pen', ts, ...fields }
}
/** The insert of a pen at 2.50. */
export const penInserted = (number: number) =>
  aChange(number, { op: 'insert', data: { name: 'Pen', category: 'Paper', price: 2.5, stock: 7 } })
