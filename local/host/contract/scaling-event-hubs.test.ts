import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EventHubProducerClient } from '@azure/event-hubs'
import { BlobCheckpointStore } from '@azure/eventhubs-checkpointstore-blob'
import { ContainerClient } from '@azure/storage-blob'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { type Azurite, startAzurite } from '../../azurite/azurite.ts'
import { contract } from '../../contract.ts'
import { type EventHubs, startEventHubs } from '../../event-hubs/broker.ts'
import { startTestApp, type TestAppHost } from '../test-app-host.ts'

const rule = contract({
  targets: 'https://learn.microsoft.com/en-us/azure/azure-functions/functions-target-based-scaling',
  balance: 'https://learn.microsoft.com/en-us/azure/event-hubs/event-processor-balance-partition-load',
})

let azurite: Azurite
let broker: EventHubs
let brokerDir: string
let host: TestAppHost
let producer: EventHubProducerClient
beforeAll(async () => {
  brokerDir = await mkdtemp(join(tmpdir(), 'host-broker-'))
  azurite = await startAzurite()
  const hubs = ['events', 'single'].map(name => ({ name, partitions: 2, consumerGroups: ['$Default'] }))
  broker = await startEventHubs({ port: 0, stateDir: brokerDir, hubs })
  producer = new EventHubProducerClient(broker.connectionString, 'events')
  const off = ['work', 'tick', 'single'].map(name => [`AzureWebJobs.${name}.Disabled`, 'true'])
  host = await startTestApp(
    {
      AzureWebJobsStorage: azurite.connectionString,
      HUB_CONNECTION: broker.connectionString,
      ...{ WORK_QUEUE: 'unused', TICK_SCHEDULE: '0 0 0 1 1 *', ...Object.fromEntries(off) },
    },
    { scale: { toZero: true, maxInstances: 2, pollMs: 100, quietMs: 1_500 } },
  )
})
afterAll(async () => {
  await host.drain()
  await producer.close()
  await broker.close()
  await azurite.close()
  await rm(brokerDir, { recursive: true, force: true })
})

interface Batch {
  events: { n: number }[]
  metadata: { partitionContext: { partitionId: string } }
}
const from = (first: number, count: number) => Array.from({ length: count }, (_, index) => first + index)
/** As many events to each partition. */
const send = async (numbers: readonly number[], waitMs = 0) => {
  for (const partition of [0, 1]) {
    const bodies = numbers.filter(n => n % 2 === partition).map(n => ({ body: { n, waitMs } }))
    await producer.sendBatch(bodies, { partitionId: String(partition) })
  }
}
const batches = async (name: 'events' | 'events-done', numbers: readonly number[]) =>
  (await host.records<Batch>(name)).filter(({ events }) => events.some(({ n }) => numbers.includes(n)))
const allDone = async (numbers: readonly number[]) => {
  const done = new Set((await batches('events-done', numbers)).flatMap(({ events }) => events.map(({ n }) => n)))
  return numbers.every(n => done.has(n))
}

describe('an event hub function', () => {
  rule(
    'targets',
    'scales out on a backlog, its instances share the partitions, and nothing is lost',
    async () => {
      expect(host.pidsOf('events')).toHaveLength(1)
      const numbers = from(0, 160)
      await send(numbers, 800)
      await host.until(async () => new Set((await batches('events', numbers)).map(({ pid }) => pid)).size === 2, 15_000)
      await host.until(() => allDone(numbers), 20_000)
    },
    80_000,
  )
  rule(
    'balance',
    'gives its partitions back at once when an instance is scaled in',
    async () => {
      await host.until(() => host.pidsOf('events').length === 1, 20_000)
      // Whoever ends without giving them back holds them until they expire, after five seconds.
      const store = new BlobCheckpointStore(new ContainerClient(azurite.connectionString, 'azure-webjobs-eventhub'))
      const ownerships = await store.listOwnership(producer.fullyQualifiedNamespace, 'events', '$Default')
      expect(ownerships).toHaveLength(2)
      expect(new Set(ownerships.map(({ ownerId }) => ownerId).filter(id => id !== '')).size).toBeLessThanOrEqual(1)
      const numbers = from(1_000, 2)
      await send(numbers)
      await host.until(() => allDone(numbers), 20_000)
    },
    60_000,
  )
  rule(
    'balance',
    'loses no event when one of its instances is killed, and another replaces that',
    async () => {
      const numbers = from(2_000, 160)
      await send(numbers, 800)
      await host.until(async () => new Set((await batches('events', numbers)).map(({ pid }) => pid)).size === 2, 15_000)
      const [killed = 0] = host.pidsOf('events')
      process.kill(killed, 'SIGKILL')
      await host.until(() => host.pidsOf('events').length === 2 && !host.pidsOf('events').includes(killed), 20_000)
      await host.until(() => allDone(numbers), 20_000)
    },
    80_000,
  )
})
