import type { TypedData } from '../app/core-types.ts'
import type { EventHubPlan } from '../workers/messages.ts'

const longMin = { low: 0, high: -(2 ** 31), unsigned: false }
const noTime = '0001-01-01T00:00:00'

/** One event that never was in a hub, for a start by hand; an array of one with cardinality "many". */
export function manualData(
  body: string,
  { cardinality, binary }: Pick<EventHubPlan, 'cardinality' | 'binary'>,
): TypedData {
  const bytes = Buffer.from(body, 'utf8')
  if (cardinality === 'one') return binary ? { bytes } : { string: body }
  return binary ? { collectionBytes: { bytes: [bytes] } } : { collectionString: { string: [body] } }
}

/** triggerMetadata of such an event: that of a single one, with .NET's values of what it has not got. */
export function manualMetadata(): Record<string, TypedData> {
  const json = (value: unknown) => ({ json: JSON.stringify(value) })
  return {
    SequenceNumber: { int: longMin },
    EnqueuedTimeUtc: json(noTime),
    Properties: json({}),
    SystemProperties: json({ SequenceNumber: -(2 ** 63), PartitionKey: null, EnqueuedTimeUtc: noTime }),
  }
}
