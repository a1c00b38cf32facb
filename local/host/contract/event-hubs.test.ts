import { type EventData, EventHubProducerClient } from '@azure/event-hubs'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { contract } from '../../contract.ts'
import { type ListenersUnderTest, listenersUnderTest, newRun, until } from './listeners-under-test.ts'

const rule = contract({
  trigger: 'https://learn.microsoft.com/azure/azure-functions/functions-bindings-event-hubs-trigger',
  settings: 'https://learn.microsoft.com/azure/azure-functions/functions-bindings-event-hubs',
  reliable: 'https://learn.microsoft.com/azure/azure-functions/functions-reliable-event-processing',
  retries: 'https://learn.microsoft.com/azure/azure-functions/functions-bindings-error-pages',
  byHand: 'https://learn.microsoft.com/azure/azure-functions/functions-manually-run-non-http',
  features: 'https://learn.microsoft.com/azure/event-hubs/event-hubs-features',
  processor:
    'Azure/azure-sdk-for-net/sdk/eventhub/Microsoft.Azure.WebJobs.Extensions.EventHubs/src/Listeners/EventHubListener.PartitionProcessor.cs',
  binding:
    'Azure/azure-sdk-for-net/sdk/eventhub/Microsoft.Azure.WebJobs.Extensions.EventHubs/src/Triggers/EventHubTriggerBindingStrategy.cs',
})

interface Batch {
  events: unknown[]
  metadata: Record<string, unknown>
  retry?: { retryCount: number; maxRetryCount: number }
  isArray: boolean
  isBytes: boolean
}
let app: ListenersUnderTest
let producer: EventHubProducerClient
beforeAll(async () => {
  app = await listenersUnderTest(['many', 'one', 'binary', 'patient', 'limited'])
  producer = new EventHubProducerClient(app.eventHubs, 'contract-listeners')
})
afterAll(async () => {
  await producer.close()
  await app.stop()
})

const send = (bodies: unknown[], partitionId = '0') =>
  producer.sendBatch(
    bodies.map(body => ({ body })),
    { partitionId },
  )
const batches = (run: string, functionName = 'many') => app.records<Batch>(run, functionName)
/** The batches of a run once they hold that many events. */
async function batchesOf(run: string, count: number, functionName = 'many'): Promise<Batch[]> {
  const held = async () => (await batches(run, functionName)).flatMap(({ events }) => events).length
  await until(async () => (await held()) >= count)
  return batches(run, functionName)
}
async function onlyBatch(run: string, count: number, functionName = 'many'): Promise<Batch> {
  const [batch, ...others] = await batchesOf(run, count, functionName)
  if (batch === undefined || others.length > 0) throw new Error(`Run ${run} came in ${others.length + 1} batches`)
  return batch
}
const asLong = (value: number) => ({ low: value, high: 0, unsigned: false })

describe('a function of cardinality many', () => {
  rule('trigger', 'is given an array of events, their JSON parsed', async () => {
    const run = newRun()
    await send([
      { run, n: 1 },
      { run, n: 2 },
    ])
    const { events, isArray } = await onlyBatch(run, 2)
    expect([isArray, events]).toEqual([
      true,
      [
        { run, n: 1 },
        { run, n: 2 },
      ],
    ])
  })
  rule('trigger', 'is given as text what is no JSON', async () => {
    const run = newRun()
    await producer.sendBatch([{ body: Buffer.from(`text of ${run}`) }])
    expect((await onlyBatch(run, 1)).events).toEqual([`text of ${run}`])
  })
  rule('settings', 'is given no more than maxEventBatchSize at a time, in order and none left out', async () => {
    const run = newRun()
    await send(Array.from({ length: 35 }, (_, n) => ({ run, n })))
    const found = await batchesOf(run, 35)
    expect(Math.max(...found.map(({ events }) => events.length))).toBeLessThanOrEqual(10)
    expect(found.flatMap(({ events }) => events)).toEqual(Array.from({ length: 35 }, (_, n) => ({ run, n })))
  })
  rule('trigger', 'is given events of one partition only', async () => {
    const run = newRun()
    await Promise.all([send([{ run, from: '0' }], '0'), send([{ run, from: '1' }], '1')])
    const found = await batchesOf(run, 2)
    expect(found).toHaveLength(2)
    for (const { events, metadata } of found)
      expect(metadata.partitionContext).toMatchObject({ partitionId: (events[0] as { from: string }).from })
  })
})

describe('triggerMetadata of a batch', () => {
  rule('trigger', 'has the sequence number, offset and time of every event, as the hub tells them', async () => {
    const run = newRun()
    await send([{ run }, { run }])
    const { metadata } = await onlyBatch(run, 2)
    const last = await producer.getPartitionProperties('0')
    expect(metadata.sequenceNumberArray).toEqual([
      asLong(last.lastEnqueuedSequenceNumber - 1),
      asLong(last.lastEnqueuedSequenceNumber),
    ])
    expect((metadata.offsetArray as unknown[]).map(String).at(1)).toBe(String(last.lastEnqueuedOffset))
    expect(metadata.enqueuedTimeUtcArray).toHaveLength(2)
    const [, time] = metadata.enqueuedTimeUtcArray as string[]
    expect(new Date(`${time}Z`)).toEqual(last.lastEnqueuedOnUtc)
  })
  rule('trigger', 'has the application properties of every event', async () => {
    const run = newRun()
    const events: EventData[] = [{ body: { run }, properties: { shop: 'a', n: 1 } }, { body: { run } }]
    await producer.sendBatch(events, { partitionId: '0' })
    expect((await onlyBatch(run, 2)).metadata.propertiesArray).toEqual([{ shop: 'a', n: 1 }, {}])
  })
  rule('trigger', 'has the partition keys of those events that have one', async () => {
    const run = newRun()
    await producer.sendBatch([{ body: { run } }], { partitionKey: 'user-1' })
    const { metadata } = await onlyBatch(run, 1)
    expect(metadata.partitionKeyArray).toEqual(['user-1'])
    expect(metadata.systemPropertiesArray).toMatchObject([{ partitionKey: 'user-1' }])
    const without = newRun()
    await send([{ run: without }])
    expect((await onlyBatch(without, 1)).metadata.partitionKeyArray).toEqual([])
  })
  rule('binding', 'has the system properties of every event', async () => {
    const run = newRun()
    await send([{ run }])
    const { metadata } = await onlyBatch(run, 1)
    const { lastEnqueuedSequenceNumber } = await producer.getPartitionProperties('0')
    expect(metadata.systemPropertiesArray).toMatchObject([
      { sequenceNumber: lastEnqueuedSequenceNumber, partitionKey: null, enqueuedTimeUtc: expect.any(String) },
    ])
  })
  rule('trigger', 'tells hub, consumer group, partition, and that a checkpoint follows', async () => {
    const run = newRun()
    await send([{ run }], '1')
    expect((await onlyBatch(run, 1, 'patient')).metadata.partitionContext).toMatchObject({
      eventHubName: 'contract-listeners',
      consumerGroup: 'patient',
      partitionId: '1',
      isCheckpointingAfterInvocation: true,
      fullyQualifiedNamespace: expect.any(String),
    })
  })
})

describe('a function of cardinality one', () => {
  rule('trigger', 'is given one event at a time, in order', async () => {
    const run = newRun()
    await send([
      { run, n: 1 },
      { run, n: 2 },
      { run, n: 3 },
    ])
    const found = await batchesOf(run, 3, 'one')
    expect(found.map(({ isArray, events }) => [isArray, events])).toEqual([1, 2, 3].map(n => [false, [{ run, n }]]))
  })
  rule('trigger', 'has metadata of that event, not arrays', async () => {
    const run = newRun()
    await producer.sendBatch([{ body: { run }, properties: { shop: 'a' } }], { partitionId: '0' })
    const { metadata } = await onlyBatch(run, 1, 'one')
    const last = await producer.getPartitionProperties('0')
    expect(metadata).toMatchObject({
      sequenceNumber: asLong(last.lastEnqueuedSequenceNumber),
      properties: { shop: 'a' },
      systemProperties: { sequenceNumber: last.lastEnqueuedSequenceNumber },
    })
    expect(String(metadata.offset)).toBe(String(last.lastEnqueuedOffset))
    expect(metadata.sequenceNumberArray).toBeUndefined()
  })
  rule('processor', 'goes on with the next event behind one that fails', async () => {
    const run = newRun()
    await send([
      { run, n: 1, fail: 'one' },
      { run, n: 2 },
    ])
    const found = await batchesOf(run, 2, 'one')
    expect(found.map(({ events }) => (events[0] as { n: number }).n)).toEqual([1, 2])
  })
})

describe('a function of dataType binary', () => {
  rule('trigger', 'is given the bytes as they were sent', async () => {
    const run = newRun()
    await producer.sendBatch([{ body: Buffer.from(`bytes of ${run}`) }], { partitionId: '0' })
    expect(await onlyBatch(run, 1, 'binary')).toMatchObject({ isBytes: true, events: [`bytes of ${run}`] })
  })
})

describe('a batch whose function throws', () => {
  rule('reliable', 'is left behind without a retry policy: the checkpoint moves on', async () => {
    const run = newRun()
    await send([{ run, n: 1, fail: 'many' }])
    await batchesOf(run, 1)
    await send([{ run, n: 2 }])
    const found = await batchesOf(run, 2)
    expect(found.map(({ events, retry }) => [events, retry])).toEqual([
      [[{ run, n: 1, fail: 'many' }], undefined],
      [[{ run, n: 2 }], undefined],
    ])
  })
  rule('retries', 'holds its partition under a retry policy until it succeeds', async () => {
    const run = newRun()
    await send([{ run, n: 1, fail: 'patient', times: 2 }])
    await batchesOf(run, 1, 'patient')
    await send([{ run, n: 2 }])
    const found = await batchesOf(run, 4, 'patient')
    expect(found.map(({ events, retry }) => [(events[0] as { n: number }).n, retry?.retryCount])).toEqual([
      [1, undefined],
      [1, 1],
      [1, 2],
      [2, undefined],
    ])
    expect(found[1]?.retry?.maxRetryCount).toBe(-1)
  })
  rule('retries', 'leaves the other partitions alone meanwhile', async () => {
    const run = newRun()
    await send([{ run, n: 1, fail: 'patient', times: 2 }], '0')
    await batchesOf(run, 1, 'patient')
    await send([{ run, n: 2 }], '1')
    const found = await batchesOf(run, 4, 'patient')
    const order = found.map(({ events }) => (events[0] as { n: number }).n)
    expect(order.indexOf(2)).toBeLessThan(3)
  })
  rule('retries', 'is left behind when the retries are used up', async () => {
    const run = newRun()
    await send([{ run, n: 1, fail: 'limited', times: 9 }])
    await batchesOf(run, 1, 'limited')
    await send([{ run, n: 2 }])
    const found = await batchesOf(run, 3, 'limited')
    expect(found.map(({ events, retry }) => [(events[0] as { n: number }).n, retry?.retryCount])).toEqual([
      [1, undefined],
      [1, 1],
      [2, undefined],
    ])
  })
})

describe('consumers', () => {
  rule('features', 'of every consumer group get every event', async () => {
    const run = newRun()
    await send([{ run }])
    for (const name of ['many', 'one', 'patient', 'limited']) expect(await batchesOf(run, 1, name)).toHaveLength(1)
  })
  rule('settings', 'keep owners and checkpoints as blobs in the container azure-webjobs-eventhub', async () => {
    const run = newRun()
    await send([{ run }], '0')
    await onlyBatch(run, 1)
    const { lastEnqueuedSequenceNumber, lastEnqueuedOffset } = await producer.getPartitionProperties('0')
    const blobs = app.blobs.getContainerClient('azure-webjobs-eventhub')
    const folder = `${producer.fullyQualifiedNamespace}/contract-listeners/$default`.toLowerCase()
    const metadata = async (path: string) =>
      (await blobs.getBlobClient(`${folder}/${path}`).getProperties()).metadata ?? {}
    await until(async () => Number((await metadata('checkpoint/0')).sequencenumber) >= lastEnqueuedSequenceNumber)
    expect(await metadata('checkpoint/0')).toMatchObject({ offset: String(lastEnqueuedOffset) })
    expect((await metadata('ownership/0')).ownerid).toMatch(/.+/)
  })
})

describe('a start by hand', () => {
  rule('byHand', 'answers 202 and hands the input over as an array of one event, with cardinality many', async () => {
    const run = newRun()
    expect((await app.startByHand('many', { input: JSON.stringify({ run }) })).status).toBe(202)
    expect(await onlyBatch(run, 1)).toMatchObject({ isArray: true, events: [{ run }] })
  })
  rule('byHand', 'hands it over as one event with cardinality one', async () => {
    const run = newRun()
    await app.startByHand('one', { input: `text of ${run}` })
    expect(await onlyBatch(run, 1, 'one')).toMatchObject({ isArray: false, events: [`text of ${run}`] })
  })
  rule('binding', 'has no partition, as the event never was in a hub', async () => {
    const run = newRun()
    await app.startByHand('many', { input: JSON.stringify({ run }) })
    expect((await onlyBatch(run, 1)).metadata.partitionContext).toBeUndefined()
  })
  rule('byHand', 'that fails is not retried', async () => {
    const run = newRun()
    await app.startByHand('limited', { input: JSON.stringify({ run, fail: 'limited', times: 9 }) })
    await batchesOf(run, 1, 'limited')
    const later = newRun()
    await send([{ run: later, fail: 'limited', times: 1 }])
    await batchesOf(later, 2, 'limited')
    expect(await batches(run, 'limited')).toHaveLength(1)
  })
})
