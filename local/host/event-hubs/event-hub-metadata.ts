import type { ReceivedEventData } from '@azure/event-hubs'
import type { Long, TypedData } from '../app/core-types.ts'

export interface PartitionContext {
  FullyQualifiedNamespace: string
  EventHubName: string
  ConsumerGroup: string
  PartitionId: string
  IsCheckpointingAfterInvocation: boolean
}

/** triggerMetadata of a batch, under the names and in the shapes of the event hubs extension. */
export function batchMetadata(events: ReceivedEventData[], partition: PartitionContext): Record<string, TypedData> {
  const json = (value: unknown) => ({ json: JSON.stringify(value) })
  return {
    PartitionContext: json(partition),
    TriggerPartitionContext: json(partition),
    // Azure drops events without a key here, so this array can be shorter than the batch.
    PartitionKeyArray: { collectionString: { string: events.flatMap(event => event.partitionKey || []) } },
    OffsetArray: { collectionString: { string: events.map(event => String(event.offset)) } },
    OffsetStringArray: { collectionString: { string: events.map(event => String(event.offset)) } },
    SequenceNumberArray: { collectionSint64: { sint64: events.map(event => toLong(event.sequenceNumber)) } },
    EnqueuedTimeUtcArray: json(events.map(enqueuedTimeUtc)),
    PropertiesArray: json(events.map(event => event.properties ?? {})),
    SystemPropertiesArray: json(events.map(systemProperties)),
  }
}

/** triggerMetadata of one event, for cardinality "one". */
export function eventMetadata(event: ReceivedEventData, partition: PartitionContext): Record<string, TypedData> {
  const json = (value: unknown) => ({ json: JSON.stringify(value) })
  return {
    PartitionContext: json(partition),
    TriggerPartitionContext: json(partition),
    ...(event.partitionKey && { PartitionKey: { string: event.partitionKey } }),
    Offset: { string: String(event.offset) },
    OffsetString: { string: String(event.offset) },
    SequenceNumber: { int: toLong(event.sequenceNumber) },
    EnqueuedTimeUtc: json(enqueuedTimeUtc(event)),
    Properties: json(event.properties ?? {}),
    SystemProperties: json(systemProperties(event)),
  }
}

/** The body as text; the library parses what is JSON. */
export function eventText({ body }: ReceivedEventData): string {
  if (typeof body === 'string') return body
  if (body instanceof Uint8Array) return Buffer.from(body).toString('utf8')
  return JSON.stringify(body) ?? ''
}

/** The body as bytes, for dataType "binary". */
export function eventBytes(event: ReceivedEventData): Uint8Array {
  return event.body instanceof Uint8Array ? event.body : Buffer.from(eventText(event))
}

function systemProperties(event: ReceivedEventData): Record<string, unknown> {
  return {
    ...event.systemProperties,
    'x-opt-sequence-number': event.sequenceNumber,
    'x-opt-offset': event.offset,
    'x-opt-enqueued-time': enqueuedTimeUtc(event),
    ...(event.partitionKey && { 'x-opt-partition-key': event.partitionKey }),
    SequenceNumber: event.sequenceNumber,
    Offset: Number(event.offset),
    OffsetString: String(event.offset),
    PartitionKey: event.partitionKey ?? null,
    EnqueuedTimeUtc: enqueuedTimeUtc(event),
  }
}

/** .NET writes this DateTime without a zone; the instant is UTC. */
function enqueuedTimeUtc({ enqueuedTimeUtc: time }: ReceivedEventData): string {
  return time.toISOString().slice(0, -1)
}

/** 64-bit numbers reach a function as their two halves, because that is how the worker's protobuf reader leaves them. */
function toLong(value: number): Long {
  return { low: value | 0, high: Math.floor(value / 2 ** 32), unsigned: false }
}
