import type { Receiver } from 'rhea'
import { type AmqpError, argumentError } from './amqp-error.ts'
import type { IncomingEvent } from './incoming-events.ts'
import type { Partition } from './partition.ts'
import type { Publication, Publisher, Publishers } from './publishers.ts'
import { amqpTypes, desires, linkProperty } from './rhea.ts'
import type { Tier } from './tier.ts'

const capability = 'com.microsoft:idempotent-producer'

/** Where the producer of a link stands, when it asks for idempotent publishing; undefined when it does not. */
export function publisherOf(
  receiver: Receiver,
  { partition, publishers, tier }: { partition: Partition | undefined; publishers: Publishers; tier: Tier },
): Publisher | AmqpError | undefined {
  if (!desires(receiver, capability)) return undefined
  if (!tier.idempotentProducers) return argumentError(`Idempotent publishing is not offered in the ${tier.name} tier.`)
  if (partition === undefined) return argumentError('Idempotent publishing is offered to a partition only.')
  const claimed = (name: string) => {
    const value = linkProperty(receiver, `com.microsoft:producer-${name}`)
    return value === undefined || value === null ? undefined : Number(value)
  }
  return publishers.attach(partition.log, {
    producerId: claimed('id'),
    epoch: claimed('epoch'),
    lastSequence: claimed('sequence-number'),
  })
}

/** What the broker answers a link of an idempotent producer with. */
export function publisherProperties({ producerId, epoch, lastSequence }: Publisher): Record<string, unknown> {
  return {
    'com.microsoft:producer-id': amqpTypes.wrap_long(producerId),
    'com.microsoft:producer-epoch': amqpTypes.wrap_short(epoch),
    'com.microsoft:producer-sequence-number': amqpTypes.wrap_int(lastSequence),
  }
}

/** The events of one transfer as a publication: each carries its number, without gaps. */
export function publicationOf(events: IncomingEvent[], { producerId }: Publisher): Publication | AmqpError {
  const [first] = events
  const isWhole = events.every(
    ({ published }, i) =>
      published?.producerId === producerId &&
      published.epoch === first?.published?.epoch &&
      published.sequence === first.published.sequence + i,
  )
  if (!isWhole || first?.published === undefined) {
    return argumentError('Each event of an idempotent producer needs its producer id, epoch and next sequence number.')
  }
  const { epoch, sequence } = first.published
  return { producerId, epoch, firstSequence: sequence, lastSequence: sequence + events.length - 1 }
}
