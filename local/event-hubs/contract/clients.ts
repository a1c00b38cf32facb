import {
  EventHubConsumerClient,
  EventHubProducerClient,
  type EventPosition,
  type ReceivedEventData,
  type SubscribeOptions,
} from '@azure/event-hubs'
import { onTestFinished } from 'vitest'
import type { Endpoint } from './endpoint.ts'

// Errors Azure calls retryable would otherwise be tried again every 30 seconds.
const clientOptions = { retryOptions: { maxRetries: 0, timeoutInMs: 10_000 } }

export function producerOf({ connectionString, hub }: Pick<Endpoint, 'connectionString' | 'hub'>) {
  const producer = new EventHubProducerClient(connectionString, hub, clientOptions)
  onTestFinished(() => producer.close())
  return producer
}

export function consumerOf({ connectionString, hub }: Pick<Endpoint, 'connectionString' | 'hub'>, group = '$Default') {
  const consumer = new EventHubConsumerClient(group, connectionString, hub, clientOptions)
  onTestFinished(() => consumer.close())
  return consumer
}

interface Receive extends Omit<SubscribeOptions, 'startPosition'> {
  partition?: string
  from: EventPosition
  count: number
}

/** The first events from a position of one partition; rejects with the first error the consumer reports. */
export async function receive(
  consumer: EventHubConsumerClient,
  { partition = '0', from, count, ...options }: Receive,
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

/** Where a partition ends now: what a check sends itself begins behind it. */
export async function endOf(
  producer: Pick<EventHubProducerClient, 'getPartitionProperties'>,
  partition = '0',
): Promise<EventPosition & { sequenceNumber: number }> {
  return { sequenceNumber: (await producer.getPartitionProperties(partition)).lastEnqueuedSequenceNumber }
}

export function bodies(events: readonly { body: unknown }[]): unknown[] {
  return events.map(({ body }) => body)
}

interface Listen {
  partition?: string
  from: EventPosition
  ownerLevel?: number
}

/** Keeps receiving one partition; waits for a body or for the error that ends it. */
export function listen(consumer: EventHubConsumerClient, { partition = '0', from, ownerLevel }: Listen) {
  const seen = new Set<unknown>()
  const waiting = new Map<unknown, () => void>()
  const ended = Promise.withResolvers<Error>()
  const subscription = consumer.subscribe(
    partition,
    {
      async processEvents(events) {
        for (const { body } of events) {
          seen.add(body)
          waiting.get(body)?.()
        }
      },
      async processError(error) {
        ended.resolve(error)
      },
    },
    { startPosition: from, maxWaitTimeInSeconds: 1, ...(ownerLevel === undefined ? {} : { ownerLevel }) },
  )
  onTestFinished(() => subscription.close())
  return {
    /** Resolves once an event with the body has come; rejects when the receiver ends first. */
    async has(body: unknown): Promise<void> {
      if (seen.has(body)) return
      const come = new Promise<void>(resolve => waiting.set(body, resolve))
      const error = await Promise.race([come, ended.promise])
      if (error !== undefined) throw error
    },
    ended: ended.promise,
    close: () => subscription.close(),
  }
}
