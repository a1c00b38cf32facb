import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { BlobServiceClient } from '@azure/storage-blob'
import { QueueServiceClient } from '@azure/storage-queue'
import { expect, vi } from 'vitest'
import { startAzurite } from '../../azurite/azurite.ts'
import { startEventHubs } from '../../event-hubs/broker.ts'
import { startHost } from '../host.ts'

/** The contract's app, on this machine or deployed, with the accounts it works on. */
export interface ListenersUnderTest {
  storage: string
  eventHubs: string
  blobs: BlobServiceClient
  queues: QueueServiceClient
  /** What a function wrote down under a run, in order of time. */
  records<Value>(run: string, functionName: string): Promise<(Value & { at: number })[]>
  /** Starts a function by hand, as an administrator can. */
  startByHand(functionName: string, body: unknown): Promise<Response>
  stop(): Promise<void>
}

interface Accounts {
  url: string
  key: string
  storage: string
  eventHubs: string
  stop(): Promise<void>
}

const appDir = fileURLToPath(new URL('./listeners-app/', import.meta.url))
const consumerGroups = ['$Default', 'one', 'binary', 'patient', 'limited']

/** @param functions those of the app that the checks need; the deployed app runs all of them */
export async function listenersUnderTest(functions: string[]): Promise<ListenersUnderTest> {
  const accounts = deployed() ?? (await startHere(functions))
  const { storage, eventHubs, url, key, stop } = accounts
  const blobs = BlobServiceClient.fromConnectionString(storage)
  const container = blobs.getContainerClient('contract-listeners')
  const read = new Map<string, string>()
  return {
    storage,
    eventHubs,
    blobs,
    queues: QueueServiceClient.fromConnectionString(storage),
    records: async (run, functionName) => {
      const found = []
      for await (const { name } of container.listBlobsFlat({ prefix: `${run}/${functionName}/` })) {
        // A record never changes.
        const text = read.get(name) ?? String(await container.getBlobClient(name).downloadToBuffer())
        read.set(name, text)
        found.push(JSON.parse(text))
      }
      return found
    },
    startByHand: (functionName, body) =>
      fetch(`${url}/admin/functions/${functionName}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-functions-key': key },
        body: JSON.stringify(body),
      }),
    stop,
  }
}

/** A name no other run of a check has. */
export const newRun = () => `run-${randomBytes(6).toString('hex')}`

/** Waits until something holds. */
export async function until(check: () => unknown, ms = 15_000): Promise<void> {
  await vi.waitFor(async () => expect(await check()).toBeTruthy(), { timeout: ms, interval: 100 })
}

function deployed(): Accounts | undefined {
  const {
    SIDECART_CONTRACT_LISTENERS_URL: url,
    SIDECART_CONTRACT_LISTENERS_KEY: key = '',
    SIDECART_CONTRACT_STORAGE: storage = '',
    SIDECART_CONTRACT_EVENT_HUBS: eventHubs = '',
  } = process.env
  return url === undefined ? undefined : { url, key, storage, eventHubs, stop: async () => undefined }
}

async function startHere(functions: string[]): Promise<Accounts> {
  const stateDir = await mkdtemp(join(tmpdir(), 'listeners-'))
  const azurite = await startAzurite()
  const hub = { name: 'contract-listeners', partitions: 2, consumerGroups }
  const broker = await startEventHubs({
    tier: 'standard',
    port: 0,
    stateDir: join(stateDir, 'event-hubs'),
    hubs: [hub],
  })
  const storage = azurite.connectionString
  await BlobServiceClient.fromConnectionString(storage).createContainer('contract-listeners')
  const queues = QueueServiceClient.fromConnectionString(storage)
  for (const name of ['contract-take', 'contract-dead-poison']) await queues.createQueue(name)
  const all = (await readFile(join(appDir, 'main.cjs'), 'utf8')).matchAll(/^\w+Function\('(\w+)'/gm)
  const others = Array.from(all, ([, name = '']) => name).filter(name => !functions.includes(name))
  const host = await startHost({
    appDir,
    stateDir: join(stateDir, 'host'),
    port: 0,
    quiet: true,
    // Azure waits for minutes before it scales in: within a run of the suite every listener stays.
    scale: { toZero: false },
    settings: {
      AzureWebJobsStorage: storage,
      CONTRACT_EVENT_HUBS: broker.connectionString,
      ...Object.fromEntries(others.map(name => [`AzureWebJobs.${name}.Disabled`, 'true'])),
    },
  })
  const keys = JSON.parse(await readFile(join(stateDir, 'host', 'host-keys.json'), 'utf8')) as { master: string }
  return {
    url: host.url,
    key: keys.master,
    storage,
    eventHubs: broker.connectionString,
    stop: async () => {
      await host.drain()
      await broker.close()
      await azurite.close()
      await rm(stateDir, { recursive: true, force: true })
    },
  }
}
