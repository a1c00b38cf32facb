import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EventHubProducerClient } from '@azure/event-hubs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type EventHubs, startEventHubs } from '../event-hubs/broker.ts'
import { startTestApp, type TestAppHost } from './test-app-host.ts'
import { startTestAzurite, type TestAzurite } from './test-azurite.ts'

let azurite: TestAzurite
let broker: EventHubs
let host: TestAppHost
let brokerDir: string
let producer: EventHubProducerClient
beforeAll(async () => {
  brokerDir = await mkdtemp(join(tmpdir(), 'host-broker-'))
  azurite = await startTestAzurite()
  const hubs = ['events', 'single'].map(name => ({ name, partitions: 2, consumerGroups: ['$Default'] }))
  broker = await startEventHubs({ port: 0, stateDir: brokerDir, hubs })
  producer = new EventHubProducerClient(broker.connectionString, 'events')
  host = await start()
})
afterAll(async () => {
  await host.drain()
  await producer.close()
  await broker.close()
  await azurite.stop()
  await rm(brokerDir, { recursive: true, force: true })
})
const start = () =>
  startTestApp({
    AzureWebJobsStorage: azurite.connectionString,
    HUB_CONNECTION: broker.connectionString,
    WORK_QUEUE: 'work',
    TICK_SCHEDULE: '0 0 0 1 1 *',
    'AzureWebJobs.work.Disabled': 'true',
    'AzureWebJobs.tick.Disabled': 'true',
  })

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

describe('event hub functions', () => {
  test('receive batches with one metadata array per property', async () => {
    await producer.sendBatch([{ body: { n: 1 }, properties: { shop: 'a' } }, { body: { n: 2 } }], {
      partitionKey: 'user-1',
    })
    await host.until(async () => (await doneNumbers()).includes(2))
    const [batch] = await batchesWith(1)
    expect(batch?.events).toEqual([{ n: 1 }, { n: 2 }])
    expect(batch?.metadata).toMatchObject({
      partitionContext: { eventHubName: 'events', consumerGroup: '$Default', partitionId: expect.any(String) },
      partitionKeyArray: ['user-1', 'user-1'],
      sequenceNumberArray: [
        { low: 0, high: 0, unsigned: false },
        { low: 1, high: 0, unsigned: false },
      ],
      propertiesArray: [{ shop: 'a' }, {}],
      systemPropertiesArray: [{ sequenceNumber: 0, partitionKey: 'user-1' }, { sequenceNumber: 1 }],
    })
  })
  test('hold their partition under a retry policy until the batch succeeds', async () => {
    await send('0', { n: 10, failTwice: true })
    await host.until(async () => (await doneNumbers()).includes(10))
    expect((await batchesWith(10)).map(({ retry }) => retry?.retryCount)).toEqual([undefined, 1, 2])
  })
  test('of cardinality one move on behind an event that failed', async () => {
    const single = new EventHubProducerClient(broker.connectionString, 'single')
    await single.sendBatch([{ body: 'bad' }, { body: 'good' }], { partitionId: '0' })
    await single.sendBatch([{ body: 'later' }], { partitionId: '0' })
    await single.close()
    await host.until(async () =>
      (await host.records<{ event: string }>('single')).some(({ event }) => event === 'later'),
    )
    const events = await host.records<{ event: string }>('single')
    expect(events.map(({ event }) => event)).toEqual(['bad', 'good', 'later'])
  })
  test('get an unfinished batch again soon after their worker is killed, and nothing is lost', async () => {
    await send('0', { n: 20, waitMs: 2_000 })
    await host.until(async () => (await batchesWith(20)).length === 1)
    const killedAt = Date.now()
    process.kill(host.pidOf('events'), 'SIGKILL')
    await send('0', { n: 21 })
    await send('1', { n: 22 })
    await host.until(async () => (await batchesWith(20)).length === 2)
    const [, again] = await batchesWith(20)
    expect((again?.at ?? Number.POSITIVE_INFINITY) - killedAt).toBeLessThan(4_000)
    await host.until(async () => [20, 21, 22].every(async n => (await doneNumbers()).includes(n)))
    await host.until(async () => (await doneNumbers()).filter(n => n >= 20).length >= 3)
  })
  test('do not get checkpointed events again after a clean restart', async () => {
    await host.drain()
    host = await start()
    await send('0', { n: 30 })
    await send('1', { n: 31 })
    await host.until(async () => (await doneNumbers()).length >= 2)
    expect((await doneNumbers()).sort()).toEqual([30, 31])
  })
})
