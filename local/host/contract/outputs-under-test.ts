import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { BlobServiceClient } from '@azure/storage-blob'
import { QueueServiceClient } from '@azure/storage-queue'
import { expect, vi } from 'vitest'
import { startAzurite } from '../../azurite/azurite.ts'
import { startEventHubs } from '../../event-hubs/broker.ts'
import { startHost } from '../host.ts'

/** The app outputs-app behind a host, and the services it writes to. */
export interface OutputsUnderTest {
  url: string
  blobs: BlobServiceClient
  queues: QueueServiceClient
  eventHubs: string
  /** Settings of the app that the checks have to know. */
  names: typeof names
  stop(): Promise<void>
}

/**
 * What the app is deployed with, besides the connections AzureWebJobsStorage and EVENT_HUBS, a Standard namespace: the hub has the consumer group
 * CHECKS_GROUP for the checks alone.
 */
const names = {
  OUTPUT_FOLDER: 'folder',
  OUTPUT_HUB: 'contract-outputs',
  OUTPUT_GROUP: '$Default',
  CHECKS_GROUP: 'checks',
  RELAY_QUEUE: 'contract-relay',
  RECORDS: 'contract-records',
  AzureFunctionsJobHost__extensions__http__routePrefix: 'api',
  AzureFunctionsJobHost__extensions__queues__maxDequeueCount: '2',
  'AzureWebJobs.switched-off.Disabled': '1',
  'AzureWebJobs.switched-on.Disabled': 'false',
}

/**
 * The app on the host of this repository; where SIDECART_CONTRACT_OUTPUTS_URL names a deployment of it, that one, with the storage
 * and the event hubs of SIDECART_CONTRACT_STORAGE and SIDECART_CONTRACT_EVENT_HUBS.
 */
export async function outputsUnderTest(): Promise<OutputsUnderTest> {
  const {
    SIDECART_CONTRACT_OUTPUTS_URL: url,
    SIDECART_CONTRACT_STORAGE: storage,
    SIDECART_CONTRACT_EVENT_HUBS: hubs,
  } = process.env
  if (url === undefined) return await local()
  if (storage === undefined || hubs === undefined) {
    throw new Error(
      'SIDECART_CONTRACT_OUTPUTS_URL needs SIDECART_CONTRACT_STORAGE and SIDECART_CONTRACT_EVENT_HUBS besides it, which are missing',
    )
  }
  return { url: url.replace(/\/$/, ''), ...clients(storage), eventHubs: hubs, names, stop: async () => undefined }
}

async function local(): Promise<OutputsUnderTest> {
  const folder = await mkdtemp(join(tmpdir(), 'contract-outputs-'))
  const azurite = await startAzurite()
  const hubs = [{ name: names.OUTPUT_HUB, partitions: 1, consumerGroups: [names.OUTPUT_GROUP, names.CHECKS_GROUP] }]
  const broker = await startEventHubs({ port: 0, stateDir: folder, tier: 'standard', hubs })
  const host = await startHost({
    appDir: fileURLToPath(new URL('./outputs-app/', import.meta.url)),
    stateDir: folder,
    port: 0,
    quiet: true,
    settings: {
      FUNCTIONS_WORKER_RUNTIME: 'node',
      AzureWebJobsStorage: azurite.connectionString,
      EVENT_HUBS: broker.connectionString,
      ...names,
    },
  })
  return {
    url: host.url,
    ...clients(azurite.connectionString),
    eventHubs: broker.connectionString,
    names,
    stop: async () => {
      await host.drain()
      await broker.close()
      await azurite.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function clients(storage: string) {
  return {
    blobs: BlobServiceClient.fromConnectionString(storage),
    queues: QueueServiceClient.fromConnectionString(storage),
  }
}

/** A name for a queue or container of one check. */
export const ownName = (what: string) => `${what}-${randomUUID().slice(0, 8)}`

/** Waits until `read` gives something, for at most 20 s, and gives it. */
export async function eventually<Value>(read: () => Promise<Value | undefined>): Promise<Value> {
  const found: { value?: Value } = {}
  await vi.waitFor(
    async () => {
      const value = await read()
      expect(value).toBeDefined()
      if (value !== undefined) found.value = value
    },
    { timeout: 20_000, interval: 100 },
  )
  if (found.value === undefined) throw new Error('Nothing was found')
  return found.value
}

/** Gives the function "relay" a message. A trigger makes no queue of its own, so whoever sends the first message does. */
export async function sendToRelay(
  { queues, names }: OutputsUnderTest,
  message: object,
): Promise<{ messageId: string }> {
  const queue = queues.getQueueClient(names.RELAY_QUEUE)
  await queue.createIfNotExists()
  return await queue.sendMessage(Buffer.from(JSON.stringify(message)).toString('base64'))
}
