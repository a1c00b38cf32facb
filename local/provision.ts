import { CosmosClient } from '@azure/cosmos'
import { BlobServiceClient } from '@azure/storage-blob'
import { QueueServiceClient } from '@azure/storage-queue'
import { z } from 'zod'
import { resources } from './resources.ts'
import { serveTask } from './task-process.ts'

/** Makes what infra/resources.json names and is not there yet, as a deployment would. */
export async function provision(settings: Readonly<Record<string, string>>): Promise<void> {
  const { AzureWebJobsStorage: storage = '', COSMOS_ENDPOINT: endpoint = '', COSMOS_KEY: key = '' } = settings
  const blobs = BlobServiceClient.fromConnectionString(storage)
  const queues = QueueServiceClient.fromConnectionString(storage)
  await Promise.all([
    provisionCosmos({ endpoint, key }),
    ...resources.blobContainers.map(name => blobs.getContainerClient(name).createIfNotExists()),
    ...resources.queues.map(name => queues.getQueueClient(name).createIfNotExists()),
  ])
}

/** Makes the database and its containers where they are not there yet. */
export async function provisionCosmos(account: { endpoint: string; key: string }): Promise<void> {
  const client = new CosmosClient(account)
  const { database } = await client.databases.createIfNotExists({ id: resources.cosmos.database })
  for (const { name, partitionKey, indexing, timeToLive } of resources.cosmos.containers) {
    const defaultTtl = timeToLive && -1
    const { container, resource } = await database.containers.createIfNotExists({
      id: name,
      partitionKey: { paths: [partitionKey] },
      ...(indexing === 'none' ? { indexingPolicy: { excludedPaths: [{ path: '/*' }] } } : {}),
      ...(defaultTtl === undefined ? {} : { defaultTtl }),
    })
    // A state of earlier days has the container without.
    if (resource && defaultTtl !== undefined && resource.defaultTtl === undefined) {
      await container.replace({ ...resource, defaultTtl })
    }
  }
  client.dispose()
}

if (import.meta.main) serveTask(async settings => provision(z.record(z.string(), z.string()).parse(settings)))
