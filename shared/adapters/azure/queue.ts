import type { QueueServiceClient } from '@azure/storage-queue'
import type { Queue } from '../../ports.ts'
import type { Connection } from './connections.ts'
import { once } from './once.ts'
import type { StorageMeter } from './storage-meter.ts'

/** Storage queues; messages in base64, as the queue trigger reads them by default. */
export function azureQueue(connection: Connection, meter: StorageMeter): Queue {
  const service = once(async (): Promise<QueueServiceClient> => {
    const { QueueServiceClient } = await import('@azure/storage-queue')
    const client =
      typeof connection === 'string'
        ? QueueServiceClient.fromConnectionString(connection)
        : new QueueServiceClient(connection.address, await connection.identity())
    return meter.count('queue', client)
  })
  return {
    send: async (queue, message) => {
      const text = Buffer.from(JSON.stringify(message)).toString('base64')
      await (await service()).getQueueClient(queue).sendMessage(text)
    },
  }
}
