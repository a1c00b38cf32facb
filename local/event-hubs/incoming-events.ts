import { binary, integer, type MapEntry, mapEntries, text } from './amqp-values.ts'
import { type Section, section, sectionsOf } from './sections.ts'

/** Message format of a transfer that holds several events, each an encoded message in a data section of its own. */
export const batchFormat = 0x80013700

/** An event cut open where the broker writes: what was before its annotations, the producer's annotations, the rest. */
export interface IncomingEvent {
  header: Buffer
  /** Encoded map entries the broker does not set itself. */
  annotations: Buffer[]
  partitionKey: string | undefined
  /** What an idempotent producer numbers its events with. */
  published: { producerId: number; epoch: number; sequence: number } | undefined
  rest: Buffer
}

const setByBroker = new Set([
  'x-opt-sequence-number',
  'x-opt-offset',
  'x-opt-enqueued-time',
  'x-opt-partition-key',
  'x-opt-publisher',
])

/**
 * The events of one transfer, in order.
 * @throws RangeError when the payload is not an AMQP message, or a batch holds no event.
 */
export function incomingEvents({ format, payload }: { format: number | undefined; payload: Buffer }): IncomingEvent[] {
  if (format !== batchFormat) return [cutOpen(payload, undefined)]
  const sections = sectionsOf(payload)
  const partitionKey = partitionKeyOf(payload, sections)
  const events = sections
    .filter(({ code }) => code === section.data)
    .map(({ valueAt }) => {
      const message = binary(payload, valueAt)
      if (message === undefined) throw new RangeError(`A batch holds a data section that is not binary at ${valueAt}`)
      return cutOpen(message, partitionKey)
    })
  if (events.length === 0) throw new RangeError('A batch must hold at least one event')
  return events
}

function cutOpen(message: Buffer, batchPartitionKey: string | undefined): IncomingEvent {
  const sections = sectionsOf(message)
  if (sections.length === 0) throw new RangeError('An event must have at least one message section')
  const header = sections.find(({ code }) => code === section.header)
  const annotations = sections.find(({ code }) => code === section.messageAnnotations)
  const rest = sections.find(({ code }) => code > section.messageAnnotations)
  const entries = annotations === undefined ? [] : mapEntries(message, annotations.valueAt)
  return {
    header: header === undefined ? Buffer.alloc(0) : message.subarray(header.start, header.end),
    annotations: entries.filter(({ key }) => !setByBroker.has(key)).map(({ raw }) => raw),
    partitionKey: partitionKeyIn(entries, message) ?? batchPartitionKey,
    published: publishedIn(entries, message),
    rest: message.subarray(rest?.start ?? message.length),
  }
}

function partitionKeyOf(message: Buffer, sections: Section[]): string | undefined {
  const annotations = sections.find(({ code }) => code === section.messageAnnotations)
  return annotations === undefined ? undefined : partitionKeyIn(mapEntries(message, annotations.valueAt), message)
}

function partitionKeyIn(entries: MapEntry[], message: Buffer): string | undefined {
  const entry = entries.find(({ key }) => key === 'x-opt-partition-key')
  return entry === undefined ? undefined : text(message, entry.valueAt)
}

function publishedIn(entries: MapEntry[], message: Buffer): IncomingEvent['published'] {
  const number = (name: string) => {
    const entry = entries.find(({ key }) => key === name)
    return entry === undefined ? undefined : integer(message, entry.valueAt)
  }
  const producerId = number('com.microsoft:producer-id')
  if (producerId === undefined) return undefined
  const [epoch, sequence] = [number('com.microsoft:producer-epoch'), number('com.microsoft:producer-sequence-number')]
  return epoch === undefined || sequence === undefined ? undefined : { producerId, epoch, sequence }
}
