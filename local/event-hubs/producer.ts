import type { Delivery, EventContext, Receiver } from 'rhea'
import { serverBusy } from './amqp-error.ts'
import type { CommitQueue } from './commit-queue.ts'
import type { Entity } from './entity-path.ts'
import { publicationOf, publisherProperties } from './idempotent-link.ts'
import { type IncomingEvent, incomingEvents } from './incoming-events.ts'
import type { Partition } from './partition.ts'
import { partitionOfKey } from './partition-key.ts'
import type { Publisher } from './publishers.ts'
import { acceptLink, type Client, payloadOf } from './rhea.ts'
import type { Throughput } from './throughput.ts'

interface ProducerOptions {
  client: Client
  entity: Entity
  commits: CommitQueue
  /** Gives each transfer without key and partition the next partition of the hub. */
  nextPartition: (entity: Entity) => Partition
  messageBytesMax: number
  throughput: Throughput | undefined
  /** Where an idempotent producer stands; undefined for any other. */
  publisher: Publisher | undefined
}

/** Stores what arrives on a producer's link and accepts it once it is committed. */
export function openProducer(receiver: Receiver, options: ProducerOptions): void {
  const { messageBytesMax, publisher } = options
  const properties = publisher === undefined ? undefined : publisherProperties(publisher)
  acceptLink(receiver, { messageBytesMax, properties })
  receiver.on('message', (context: EventContext) => {
    if (context.delivery !== undefined) store(context.delivery, payloadOf(context), options)
  })
}

function store(delivery: Delivery, payload: Buffer, options: ProducerOptions): void {
  const { client, entity, commits, messageBytesMax, throughput, publisher } = options
  if (payload.length > messageBytesMax) {
    delivery.reject({
      condition: 'amqp:link:message-size-exceeded',
      description: `The received message (delivery-id:${delivery.id}, size:${payload.length} bytes) exceeds the limit (${messageBytesMax} bytes) currently allowed on the link.`,
    })
    return
  }
  if ((throughput?.ingress.waitMs() ?? 0) > 0) {
    delivery.reject(serverBusy())
    return
  }
  const events = eventsOf(delivery, payload)
  if (events === undefined) return
  const publication = publisher === undefined ? undefined : publicationOf(events, publisher)
  if (publication !== undefined && 'condition' in publication) {
    delivery.reject(publication)
    return
  }
  throughput?.ingress.take({ bytes: payload.length, events: events.length })
  commits.add({
    partition: partitionFor(events, entity, options.nextPartition),
    events,
    publication,
    settle: error => {
      if (!client.connection.is_open()) return
      if (error === undefined) delivery.accept()
      else delivery.reject(error)
    },
  })
}

function eventsOf(delivery: Delivery, payload: Buffer): IncomingEvent[] | undefined {
  try {
    return incomingEvents({ format: delivery.format, payload })
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    delivery.reject({ condition: 'amqp:decode-error', description: error.message })
    return undefined
  }
}

function partitionFor(
  events: IncomingEvent[],
  entity: Entity,
  nextPartition: (entity: Entity) => Partition,
): Partition {
  if (entity.partition !== undefined) return entity.partition
  const partitionKey = events[0]?.partitionKey
  const { partitions } = entity.hub
  const keyed = partitionKey === undefined ? undefined : partitions[partitionOfKey(partitionKey, partitions.length)]
  return keyed ?? nextPartition(entity)
}
