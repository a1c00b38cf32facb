import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EventHubProducerClient } from '@azure/event-hubs'
import { BlobCheckpointStore } from '@azure/eventhubs-checkpointstore-blob'
import { ContainerClient } from '@azure/storage-blob'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Azurite, startAzurite } from '../azurite/azurite.ts'
import { type EventHubs, startEventHubs } from '../event-hubs/broker.ts'
import { startTestApp, type TestAppHost } from './test-app-host.ts'

const hubs = ['events', 'single'].map(name => ({ name, partitions: 2, consumerGroups: ['$Default'] }))
let azurite: Azurite
let broker: EventHubs
let host: TestAppHost
let brokerDir: string
let producer: EventHubProducerClient
beforeAll(async () => {
  brokerDir = await mkdtemp(join(tmpdir(), 'host-broker-'))
  azurite = await startAzurite()
  broker = await startEventHubs({ port: 0, stateDir: brokerDir, hubs })
  producer = new EventHubProducerClient(broker.connectionString, 'events')
  host = await start()
})
afterAll(async () => {
  await host.drain()
  await producer.close()
  await broker.close()
  await azurite.close()
  await rm(brokerDir, { recursive: true, force: true })
})
const start = (options: { stateDir?: string } = {}) => {
  const settings = {
    AzureWebJobsStorage: azurite.connectionString,
    HUB_CONNECTION: broker.connectionString,
    WORK_QUEUE: 'work',
    TICK_SCHEDULE: '0 0 0 1 1 *',
    'AzureWebJobs.work.Disabled': 'true',
    'AzureWebJobs.tick.Disabled': 'true',
  }
  return startTestApp(settings, options)
}

interface Batch {
  events: { n: number }[]
  metadata: Record<string, unknown>
  retry?: { retryCount: number }
}
const send = (partitionId: string, ...events: object[]) =>
  producer.sendBatch(
    events.map(body => ({ body })),
    { partitionId },
  )
const doneNumbers = async (of = host) =>
  (await of.records<Batch>('events-done')).flatMap(({ events }) => events.map(({ n }) => n))
const batchesWith = async (n: number) =>
  (await host.records<Batch>('events')).filter(({ events }) => events.some(event => event.n === n))
/** The checkpoints stand at the end of the hub. */
async function isCheckpointed(): Promise<boolean> {
  const blobs = new ContainerClient(azurite.connectionString, 'azure-webjobs-eventhub')
  const { fullyQualifiedNamespace } = producer
  const checkpoints = await new BlobCheckpointStore(blobs).listCheckpoints(
    fullyQualifiedNamespace,
    'events',
    '$Default',
  )
  const ends = await Promise.all(['0', '1'].map(id => producer.getPartitionProperties(id)))
  return ends.every(({ partitionId, isEmpty, lastEnqueuedSequenceNumber }) => {
    const checkpoint = checkpoints.find(one => one.partitionId === partitionId)
    return isEmpty || checkpoint?.sequenceNumber === lastEnqueuedSequenceNumber
  })
}

describe('event hub functions', () => {
  test('get an unfinished batch again soon after their worker is killed, and nothing is lost', async () => {
    await send('0', { n: 20, waitMs: 2_000 })
    await host.until(async () => (await batchesWith(20)).length === 1)
    process.kill(host.pidOf('events'), 'SIGKILL')
    await send('0', { n: 21 })
    await send('1', { n: 22 })
    await host.until(async () => (await batchesWith(20)).length === 2)
    await host.until(async () => {
      const numbers = await doneNumbers()
      return [20, 21, 22].every(n => numbers.includes(n))
    })
  })
  test('do not get checkpointed events again after a clean restart', async () => {
    await host.until(isCheckpointed)
    await host.drain()
    host = await start()
    await send('0', { n: 30 })
    await send('1', { n: 31 })
    await host.until(async () => (await doneNumbers()).length >= 2)
    expect((await doneNumbers()).sort()).toEqual([30, 31])
  }, 60_000)
  test('get a batch again that was still running when their host ended: there is no checkpoint behind a stop', async () => {
    await host.until(isCheckpointed)
    await host.drain()
    const stateDir = join(brokerDir, 'kept')
    const first = await start({ stateDir })
    await send('0', { n: 40, waitMs: 1_000 })
    await first.until(async () => (await first.records<Batch>('events')).some(({ events }) => events[0]?.n === 40))
    await first.drain()
    expect(await doneNumbers(first)).toEqual([40])
    host = await start()
    await host.until(async () => (await doneNumbers()).includes(40))
  }, 60_000)
  test('go on where they were when the broker has restarted', async () => {
    const { port } = broker
    await producer.close()
    await broker.close()
    broker = await startEventHubs({ port, stateDir: brokerDir, hubs })
    producer = new EventHubProducerClient(broker.connectionString, 'events')
    await send('0', { n: 50 })
    await host.until(async () => (await doneNumbers()).includes(50), 20_000)
  }, 45_000)
  test('share the partitions with those of a second host, and have them back when it ends', async () => {
    const second = await start()
    let n = 60
    await second.until(async () => {
      await send('0', { n: ++n })
      await send('1', { n: ++n })
      return (await doneNumbers(second)).length > 0
    }, 15_000)
    const sent = n
    await host.until(async () => (await doneNumbers()).some(number => number > 60))
    await host.until(async () => {
      const all = [...(await doneNumbers()), ...(await doneNumbers(second))]
      return Array.from({ length: sent - 60 }, (_, index) => 61 + index).every(number => all.includes(number))
    })
    await second.drain()
    await send('0', { n: 98 })
    await send('1', { n: 99 })
    await host.until(async () => {
      const numbers = await doneNumbers()
      return [98, 99].every(number => numbers.includes(number))
    })
  }, 60_000)
})
