import { createHmac } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  EventHubConsumerClient,
  EventHubProducerClient,
  type EventPosition,
  earliestEventPosition,
  type ReceivedEventData,
  type SubscribeOptions,
} from '@azure/event-hubs'
import rhea, { type Connection } from 'rhea'
import { onTestFinished } from 'vitest'
import { type EventHubs, type EventHubsOptions, startEventHubs } from './broker.ts'

export const hubs = [{ name: 'interactions', partitions: 2, consumerGroups: ['second'] }]

// Errors Azure calls retryable would otherwise be tried again every 30 seconds.
const clientOptions = { retryOptions: { maxRetries: 0, timeoutInMs: 8_000 } }

export async function temporaryDir(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'event-hubs-'))
  onTestFinished(() => rm(dir, { recursive: true }))
  return dir
}

/** A broker with an empty store, gone when the test ends. */
export async function temporaryBroker(options: Partial<EventHubsOptions> = {}): Promise<EventHubs> {
  const broker = await startEventHubs({
    port: 0,
    stateDir: options.stateDir ?? (await temporaryDir()),
    hubs,
    ...options,
  })
  onTestFinished(() => broker.close())
  return broker
}

export function producerOf(connectionString: string, hub = 'interactions'): EventHubProducerClient {
  const producer = new EventHubProducerClient(connectionString, hub, clientOptions)
  onTestFinished(() => producer.close())
  return producer
}

export function consumerOf(connectionString: string, group = '$Default', hub = 'interactions'): EventHubConsumerClient {
  const consumer = new EventHubConsumerClient(group, connectionString, hub, clientOptions)
  onTestFinished(() => consumer.close())
  return consumer
}

/** A shared access signature made without the SDK. */
export function sasToken({
  resource,
  expirySeconds,
  key = 'SAS_KEY_VALUE',
}: {
  resource: string
  expirySeconds: number
  key?: string
}): string {
  const encoded = encodeURIComponent(resource)
  const signature = createHmac('sha256', key).update(`${encoded}\n${expirySeconds}`).digest('base64')
  return `SharedAccessSignature sr=${encoded}&sig=${encodeURIComponent(signature)}&se=${expirySeconds}&skn=RootManageSharedAccessKey`
}

/** A connection of rhea's own, with a token for the hub, for what the SDK never does. */
export async function rawConnection(port: number): Promise<Connection> {
  const connection = rhea
    .create_container()
    .connect({ host: '127.0.0.1', port, reconnect: false, username: 'x' } as never)
  connection.on('disconnected', () => undefined)
  onTestFinished(() => connection.close())
  const replies = connection.open_receiver({ source: '$cbs', name: 'replies' } as never)
  const requests = connection.open_sender('$cbs')
  await new Promise(resolve => requests.once('sendable', resolve))
  const resource = 'sb://127.0.0.1/interactions'
  requests.send({
    message_id: '1',
    reply_to: 'replies',
    application_properties: { operation: 'put-token', type: 'servicebus.windows.net:sastoken', name: resource },
    body: sasToken({ resource, expirySeconds: Math.floor(Date.now() / 1_000) + 60 }),
  } as never)
  await new Promise(resolve => replies.once('message', resolve))
  return connection
}

interface Receive extends Omit<SubscribeOptions, 'startPosition'> {
  partition?: string
  from?: EventPosition
  count: number
}

/** The first events from a position of one partition; rejects with the first error the consumer reports. */
export async function receive(
  consumer: EventHubConsumerClient,
  { partition = '0', from = earliestEventPosition, count, ...options }: Receive,
): Promise<ReceivedEventData[]> {
  const received: ReceivedEventData[] = []
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const subscription = consumer.subscribe(
    partition,
    {
      async processEvents(events) {
        received.push(...events)
        if (received.length >= count) resolve()
      },
      async processError(error) {
        reject(error)
      },
    },
    { maxWaitTimeInSeconds: 1, maxBatchSize: 1_000, ...options, startPosition: from },
  )
  try {
    await promise
  } finally {
    await subscription.close()
  }
  return received
}
