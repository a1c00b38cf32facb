import { randomUUID } from 'node:crypto'
import { BlobServiceClient, type ContainerClient } from '@azure/storage-blob'
import { type QueueClient, QueueServiceClient } from '@azure/storage-queue'
import { startAzurite } from '../azurite.ts'

export interface StorageUnderTest {
  container: ContainerClient
  /** A new queue of its own. */
  queue(): Promise<QueueClient>
  close(): Promise<void>
}

/** Azurite, or the account whose connection string SIDECART_CONTRACT_STORAGE holds, with a container that is removed again. */
export async function storageUnderTest(): Promise<StorageUnderTest> {
  const real = process.env.SIDECART_CONTRACT_STORAGE
  const azurite = real === undefined ? await startAzurite() : undefined
  const connectionString = real ?? azurite?.connectionString ?? ''
  const container = BlobServiceClient.fromConnectionString(connectionString).getContainerClient(unique())
  const queues = QueueServiceClient.fromConnectionString(connectionString)
  const made: QueueClient[] = []
  await container.create()
  return {
    container,
    queue: async () => {
      const queue = queues.getQueueClient(unique())
      made.push(queue)
      await queue.create()
      return queue
    },
    close: async () => {
      await Promise.all([container.delete(), ...made.map(queue => queue.delete())])
      await azurite?.close()
    },
  }
}

function unique(): string {
  return `contract-${randomUUID()}`
}
