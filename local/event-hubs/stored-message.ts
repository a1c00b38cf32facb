import { encodeLong, encodeString, encodeTimestamp } from './amqp-values.ts'
import type { IncomingEvent } from './incoming-events.ts'
import { annotationsSection, entryOf, section, sectionsOf } from './sections.ts'

export interface EventPlace {
  sequence: number
  offset: number
  enqueuedMs: number
}

const sequenceEntry = entryOf('x-opt-sequence-number')
const offsetEntry = entryOf('x-opt-offset')
const enqueuedEntry = entryOf('x-opt-enqueued-time')
const partitionKeyEntry = entryOf('x-opt-partition-key')

/** The message as receivers get it: annotated once when stored, so that delivering is copying bytes. */
export function storedMessage(event: IncomingEvent, { sequence, offset, enqueuedMs }: EventPlace): Buffer {
  const entries = [
    ...event.annotations,
    sequenceEntry(encodeLong(sequence)),
    offsetEntry(encodeString(String(offset))),
    enqueuedEntry(encodeTimestamp(enqueuedMs)),
  ]
  if (event.partitionKey !== undefined) entries.push(partitionKeyEntry(encodeString(event.partitionKey)))
  return Buffer.concat([event.header, annotationsSection(section.messageAnnotations, entries), event.rest])
}

const lastSequenceEntry = entryOf('last_enqueued_sequence_number')
const lastOffsetEntry = entryOf('last_enqueued_offset')
const lastEnqueuedEntry = entryOf('last_enqueued_time_utc')
const retrievedEntry = entryOf('runtime_info_retrieval_time_utc')

/** Delivery annotations that tell a receiver how far the partition has grown. */
export function lastEnqueuedAnnotations(last: EventPlace, retrievedMs: number): Buffer {
  return annotationsSection(section.deliveryAnnotations, [
    lastSequenceEntry(encodeLong(last.sequence)),
    lastOffsetEntry(encodeString(String(last.offset))),
    lastEnqueuedEntry(encodeTimestamp(last.enqueuedMs)),
    retrievedEntry(encodeTimestamp(retrievedMs)),
  ])
}

/** Delivery annotations stand behind the header and before everything else. */
export function withDeliveryAnnotations(message: Buffer, annotations: Buffer): Buffer {
  const header = sectionsOf(message).find(({ code }) => code === section.header)
  const headerEnd = header?.end ?? 0
  return Buffer.concat([message.subarray(0, headerEnd), annotations, message.subarray(headerEnd)])
}
