import type { EventContext, Receiver, Sender } from 'rhea'
import { type AmqpError, entityNotFound, unauthorized } from './amqp-error.ts'
import { putToken } from './cbs.ts'
import type { CommitQueue } from './commit-queue.ts'
import { Consumer } from './consumer.ts'
import type { Consumers } from './consumers.ts'
import { type Entity, entityPath, findEntity } from './entity-path.ts'
import type { EventLog } from './event-log.ts'
import type { Limits } from './limits.ts'
import { readProperties } from './management.ts'
import type { Hub, Partition } from './partition.ts'
import { openProducer } from './producer.ts'
import { RequestNode } from './request-node.ts'
import {
  acceptLink,
  type Client,
  desires,
  linkProperty,
  refuseLink,
  selectorOf,
  sourceAddress,
  targetAddress,
} from './rhea.ts'
import { startSequence } from './start-position.ts'

export interface Namespace {
  hubs: Map<string, Hub>
  log: EventLog
  commits: CommitQueue
  consumers: Consumers
  key: string
  limits: Limits
  nextPartition: (entity: Entity) => Partition
}

/** Opens the links a client attaches: `$cbs` and `$management`, producers and receivers. */
export function serveClient(client: Client, namespace: Namespace): void {
  const { connection, claims } = client
  const nodes = new Map([
    ['$cbs', new RequestNode(request => putToken(request, { claims, key: namespace.key }))],
    ['$management', new RequestNode(request => readProperties(request, { hubs: namespace.hubs, claims }))],
  ])
  connection.on('receiver_open', ({ receiver }: EventContext) => {
    if (receiver === undefined) return
    const path = entityPath(targetAddress(receiver))
    const node = nodes.get(path)
    if (node !== undefined) node.openRequests(receiver)
    else attachProducer(receiver, path, client, namespace)
  })
  connection.on('sender_open', ({ sender }: EventContext) => {
    if (sender === undefined) return
    const path = entityPath(sourceAddress(sender))
    const node = nodes.get(path)
    if (node !== undefined) node.openReplies(sender)
    else attachConsumer(sender, path, client, namespace)
  })
}

function attachProducer(receiver: Receiver, path: string, client: Client, namespace: Namespace): void {
  const entity = producerEntity(path, client, namespace)
  if ('condition' in entity) refuseLink(receiver, entity)
  else openProducer(receiver, { ...namespace, client, path, entity, messageBytesMax: namespace.limits.messageBytesMax })
}

function producerEntity(path: string, client: Client, namespace: Namespace): Entity | AmqpError {
  const entity = authorizedEntity(path, client, namespace)
  return 'condition' in entity || entity.consumerGroup === undefined ? entity : entityNotFound(path)
}

function attachConsumer(sender: Sender, path: string, client: Client, namespace: Namespace): void {
  const consumer = newConsumer(sender, path, client, namespace)
  const refusal = consumer instanceof Consumer ? namespace.consumers.add(consumer) : consumer
  if (refusal === undefined) acceptLink(sender)
  else refuseLink(sender, refusal)
  if (refusal !== undefined || !(consumer instanceof Consumer)) return
  const leave = () => namespace.consumers.remove(consumer)
  sender.on('sender_close', leave)
  client.socket.once('close', leave)
  sender.on('sender_flow', () => consumer.wake())
  sender.on('sendable', () => consumer.wake())
  sender.on('sender_draining', () => {
    consumer.wake()
    sender.set_drained(true)
  })
}

function newConsumer(sender: Sender, path: string, client: Client, namespace: Namespace): Consumer | AmqpError {
  const entity = authorizedEntity(path, client, namespace)
  if ('condition' in entity) return entity
  const { partition, consumerGroup } = entity
  if (partition === undefined || consumerGroup === undefined) return entityNotFound(path)
  const fromSequence = startSequence(selectorOf(sender), partition, namespace.log)
  if (typeof fromSequence !== 'number') return fromSequence
  const epoch = linkProperty(sender, 'com.microsoft:epoch')
  return new Consumer({
    sender,
    client,
    path,
    partition,
    consumerGroup,
    epoch: epoch === undefined || epoch === null ? undefined : Number(epoch),
    name: String(linkProperty(sender, 'com.microsoft:receiver-name') ?? 'nil'),
    fromSequence,
    tellsLastEnqueued: desires(sender, 'com.microsoft:enable-receiver-runtime-metric'),
    log: namespace.log,
  })
}

function authorizedEntity(path: string, { claims }: Client, { hubs }: Namespace): Entity | AmqpError {
  return claims.allow(path) ? findEntity(hubs, path) : unauthorized(path)
}
