import type { Delivery, EventContext, Message, Receiver } from 'rhea'
import { unauthorized } from './amqp-error.ts'
import type { CommitQueue } from './commit-queue.ts'
import type { Entity } from './entity-path.ts'
import { type IncomingEvent, incomingEvents } from './incoming-events.ts'
import type { Partition } from './partition.ts'
import { partitionOfKey } from './partition-key.ts'
import { acceptLink, type Client, encodeMessage } from './rhea.ts'

interface ProducerOptions {
  client: Client
  path: string
  entity: Entity
  commits: CommitQueue
  /** Gives each transfer without key and partition the next partition of the hub. */
  nextPartition: (entity: Entity) => Partition
  messageBytesMax: number
}

/** Stores what arrives on a producer's link and accepts it once it is committed. */
export function openProducer(receiver: Receiver, options: ProducerOptions): void {
  acceptLink(receiver, { messageBytesMax: options.messageBytesMax })
  receiver.on('message', (context: EventContext) => {
    const { delivery, message } = context
    if (delivery === undefined) return
    if (options.client.claims.allow(options.path)) {
      store(delivery, payloadOf(message), options)
    } else {
      delivery.reject(unauthorized(options.path))
      receiver.close(unauthorized(options.path))
    }
  })
}

/** rhea hands over the bytes of every message format but the plain one, which it decodes, and nothing for no bytes. */
function payloadOf(message: Message | undefined): Buffer {
  if (message === undefined) return Buffer.alloc(0)
  return Buffer.isBuffer(message) ? message : encodeMessage(message)
}

function store(delivery: Delivery, payload: Buffer, options: ProducerOptions): void {
  const { client, entity, commits, messageBytesMax } = options
  if (payload.length > messageBytesMax) {
    delivery.reject({
      condition: 'amqp:link:message-size-exceeded',
      description: `The received message (delivery-id:${delivery.id}, size:${payload.length} bytes) exceeds the limit (${messageBytesMax} bytes) currently allowed on the link.`,
    })
    return
  }
  const events = eventsOf(delivery, payload)
  if (events === undefined) return
  commits.add({
    partition: partitionFor(events, entity, options.nextPartition),
    events,
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
