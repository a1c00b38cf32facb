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
      ...(indexing === 'all' ? {} : { indexingPolicy: indexingOf(indexing) }),
      ...(defaultTtl === undefined ? {} : { defaultTtl }),
    })
    if (!resource) continue
    // A state of earlier days has the container without.
    const lacksTtl = defaultTtl !== undefined && resource.defaultTtl === undefined
    const indexed = resource.indexingPolicy?.includedPaths?.map(({ path }) => path) ?? []
    const lacksPaths = typeof indexing !== 'string' && indexing.some(path => !indexed.includes(path))
    if (!lacksTtl && !lacksPaths) continue
    await container.replace({
      ...resource,
      ...(defaultTtl === undefined ? {} : { defaultTtl }),
      ...(lacksPaths ? { indexingPolicy: indexingOf(indexing) } : {}),
    })
  }
  client.dispose()
}

/** Only these paths; what is not searched for is cheaper to write. */
function indexingOf(paths: 'none' | readonly string[]) {
  const included = paths === 'none' ? [] : paths.map(path => ({ path }))
  return { includedPaths: included, excludedPaths: [{ path: '/*' }] }
}

if (import.meta.main) serveTask(async settings => provision(z.record(z.string(), z.string()).parse(settings)))
