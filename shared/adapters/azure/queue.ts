import type { QueueServiceClient } from '@azure/storage-queue'
import type { Queue } from '../../ports.ts'
import { once } from './once.ts'

/** Storage queues; messages in base64, as the queue trigger reads them by default. */
export function azureQueue(connectionString: string): Queue {
  const service = once(async (): Promise<QueueServiceClient> => {
    const { QueueServiceClient } = await import('@azure/storage-queue')
    return QueueServiceClient.fromConnectionString(connectionString)
  })
  return {
    send: async (queue, message) => {
      const text = Buffer.from(JSON.stringify(message)).toString('base64')
      await (await service()).getQueueClient(queue).sendMessage(text)
    },
  }
}
