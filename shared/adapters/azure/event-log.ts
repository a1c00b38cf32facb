import type { EventData, EventHubProducerClient } from '@azure/event-hubs'
import type { EventLog, Telemetry } from '../../ports.ts'
import { hubs } from '../../schemas/telemetry.ts'
import type { Connection } from './connections.ts'
import { once } from './once.ts'

/** Event Hubs; the record's key is the partition key. Events carry the trace they were sent in, as Azure's own SDKs send it. */
export function azureEventLog(connection: Connection, telemetry: Pick<Telemetry, 'count' | 'traceparent'>): EventLog {
  const producers = new Map<string, () => Promise<EventHubProducerClient>>()
  const producerOf = (hub: string) => {
    const known = producers.get(hub) ?? once(() => connected(connection, hub))
    producers.set(hub, known)
    return known()
  }
  return {
    append: async (hub, records) => {
      const producer = await producerOf(hub)
      const traceparent = telemetry.traceparent()
      const properties = traceparent === undefined ? {} : { properties: { traceparent } }
      const byKey = Map.groupBy(records, ({ key }) => key)
      await Promise.all(
        [...byKey].map(([key, ofKey]) =>
          sendAll(
            producer,
            key,
            ofKey.map(({ body }) => ({ body, ...properties })),
          ),
        ),
      )
      const name = hubs.find(each => each === hub)
      if (name) telemetry.count('hub_events_total', { hub: name }, records.length)
    },
  }
}

/** A sender waits for our answer: better to fail in time for it to try again than to wait for the SDK's minute. */
const retryOptions = { timeoutInMs: 5_000, maxRetries: 3, retryDelayInMs: 300, maxRetryDelayInMs: 2_000 }

async function connected(connection: Connection, hub: string): Promise<EventHubProducerClient> {
  const { EventHubProducerClient } = await import('@azure/event-hubs')
  if (typeof connection === 'string') return new EventHubProducerClient(connection, hub, { retryOptions })
  return new EventHubProducerClient(connection.address, hub, await connection.identity(), { retryOptions })
}

async function sendAll(
  producer: EventHubProducerClient,
  partitionKey: string,
  events: readonly EventData[],
): Promise<void> {
  let batch = await producer.createBatch({ partitionKey })
  for (const event of events) {
    if (batch.tryAdd(event)) continue
    if (batch.count === 0) throw new Error('Cannot send an event as it alone exceeds the size of a batch')
    await producer.sendBatch(batch)
    batch = await producer.createBatch({ partitionKey })
    if (!batch.tryAdd(event)) throw new Error('Cannot send an event as it alone exceeds the size of a batch')
  }
  if (batch.count > 0) await producer.sendBatch(batch)
}
