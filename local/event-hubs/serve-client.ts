import type { EventContext, Receiver, Sender } from 'rhea'
import { type AmqpError, claimRequired, entityNotFound } from './amqp-error.ts'
import { putToken } from './cbs.ts'
import { Consumer } from './consumer.ts'
import { type Entity, entityPath, findEntity } from './entity-path.ts'
import { publisherOf } from './idempotent-link.ts'
import { LinkGuard } from './link-guard.ts'
import { readProperties } from './management.ts'
import type { Namespace } from './namespace.ts'
import type { Right } from './policy.ts'
import { openProducer } from './producer.ts'
import { RequestNode } from './request-node.ts'
import {
  acceptLink,
  type Client,
  desires,
  linkProperty,
  onWindow,
  refuseLink,
  selectorOf,
  sourceAddress,
  targetAddress,
} from './rhea.ts'
import { startSequence } from './start-position.ts'

export interface ServeContext extends Namespace {
  /** Whether a host, as it stands in a token's resource, is this namespace. */
  isNamespace: (host: string) => boolean
}

/** A client with what watches over its links. */
interface Served extends Client {
  guard: LinkGuard
}

/** Opens the links a client attaches: `$cbs` and `$management`, producers and receivers. */
export function serveClient(client: Client, namespace: ServeContext): void {
  const { connection, claims, socket } = client
  const guard = new LinkGuard(claims, namespace.now)
  socket.once('close', () => guard.stop())
  const served = { ...client, guard }
  const nodes = new Map([
    ['$cbs', new RequestNode(request => putToken(request, { ...namespace, claims, guard }))],
    ['$management', new RequestNode(request => readProperties(request, { ...namespace, claims }))],
  ])
  connection.on('receiver_open', ({ receiver }: EventContext) => {
    if (receiver === undefined) return
    const path = entityPath(targetAddress(receiver))
    const node = nodes.get(path)
    if (node !== undefined) node.openRequests(receiver)
    else attachProducer(receiver, path, served, namespace)
  })
  connection.on('sender_open', ({ sender }: EventContext) => {
    if (sender === undefined) return
    const path = entityPath(sourceAddress(sender))
    const node = nodes.get(path)
    if (node !== undefined) node.openReplies(sender)
    else attachConsumer(sender, path, served, namespace)
  })
}

function attachProducer(receiver: Receiver, path: string, client: Served, namespace: Namespace): void {
  const entity = producerEntity(path, client, namespace)
  if ('condition' in entity) {
    refuseLink(receiver, entity)
    return
  }
  const { log, tier } = namespace
  const publisher = publisherOf(receiver, { partition: entity.partition, publishers: log.publishers, tier })
  if (publisher !== undefined && 'condition' in publisher) {
    refuseLink(receiver, publisher)
    return
  }
  openProducer(receiver, { ...namespace, client, entity, publisher, messageBytesMax: tier.messageBytesMax })
  receiver.on('receiver_close', client.guard.add({ link: receiver, path, right: 'Send' }))
}

function producerEntity(path: string, client: Client, namespace: Namespace): Entity | AmqpError {
  const entity = authorizedEntity(path, 'Send', client, namespace)
  return 'condition' in entity || entity.consumerGroup === undefined ? entity : entityNotFound(path)
}

function attachConsumer(sender: Sender, path: string, client: Served, namespace: Namespace): void {
  const consumer = newConsumer(sender, path, client, namespace)
  const refusal = consumer instanceof Consumer ? namespace.consumers.add(consumer) : consumer
  if (refusal !== undefined || !(consumer instanceof Consumer)) {
    refuseLink(sender, refusal ?? entityNotFound(path))
    return
  }
  acceptLink(sender)
  const unwatch = client.guard.add({ link: sender, path, right: 'Listen' })
  const unlisten = onWindow(sender, () => consumer.wake())
  const leave = () => {
    unwatch()
    unlisten()
    namespace.consumers.remove(consumer)
  }
  sender.on('sender_close', leave)
  client.socket.once('close', leave)
  sender.on('sender_draining', () => {
    consumer.wake()
    sender.set_drained(true)
  })
}

function newConsumer(sender: Sender, path: string, client: Client, namespace: Namespace): Consumer | AmqpError {
  const entity = authorizedEntity(path, 'Listen', client, namespace)
  if ('condition' in entity) return entity
  const { partition, consumerGroup } = entity
  if (partition === undefined || consumerGroup === undefined) return entityNotFound(path)
  const fromSequence = startSequence(selectorOf(sender), partition, namespace.log)
  if (typeof fromSequence !== 'number') return fromSequence
  const epoch = linkProperty(sender, 'com.microsoft:epoch')
  return new Consumer({
    sender,
    client,
    partition,
    consumerGroup,
    epoch: epoch === undefined || epoch === null ? undefined : Number(epoch),
    name: String(linkProperty(sender, 'com.microsoft:receiver-name') ?? 'nil'),
    fromSequence,
    tellsLastEnqueued: desires(sender, 'com.microsoft:enable-receiver-runtime-metric'),
    log: namespace.log,
    egress: namespace.throughput?.egress,
    now: namespace.now,
  })
}

function authorizedEntity(
  path: string,
  right: Right,
  { claims }: Client,
  { hubs, now }: Namespace,
): Entity | AmqpError {
  return claims.allow(path, [right], now()) ? findEntity(hubs, path) : claimRequired(right, path)
}
