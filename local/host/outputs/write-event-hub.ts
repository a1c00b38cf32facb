import { EventHubProducerClient } from '@azure/event-hubs'
import type { TypedData } from '../app/core-types.ts'
import { messagesOf } from './output-values.ts'

export interface EventHubWriter {
  write(connection: string, eventHubName: string, data: TypedData): Promise<void>
  close(): Promise<void>
}

/** Sends the events of outputs with the real client, in as few batches as their sizes allow; a client is kept for each hub. */
export function eventHubWriter(): EventHubWriter {
  const producers = new Map<string, EventHubProducerClient>()
  function producerOf(connection: string, eventHubName: string): EventHubProducerClient {
    const key = JSON.stringify([connection, eventHubName])
    const producer = producers.get(key) ?? new EventHubProducerClient(connection, eventHubName)
    producers.set(key, producer)
    return producer
  }
  return {
    write: async (connection, eventHubName, data) => {
      const producer = producerOf(connection, eventHubName)
      let batch = await producer.createBatch()
      for (const message of messagesOf(data)) {
        const event = { body: Buffer.from(message) }
        if (batch.tryAdd(event)) continue
        if (batch.count > 0) await producer.sendBatch(batch)
        batch = await producer.createBatch()
        if (!batch.tryAdd(event)) {
          throw new Error(`Event is too large: ${event.body.length} bytes do not fit into ${batch.maxSizeInBytes}`)
        }
      }
      if (batch.count > 0) await producer.sendBatch(batch)
    },
    close: async () => {
      await Promise.all(Array.from(producers.values(), producer => producer.close()))
    },
  }
}
