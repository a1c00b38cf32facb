import { EventHubConsumerClient, EventHubProducerClient, type ReceivedEventData } from '@azure/event-hubs'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { contract } from '../../contract.ts'
import { eventually, type OutputsUnderTest, outputsUnderTest, ownName } from './outputs-under-test.ts'

const rule = contract({
  hub: 'https://learn.microsoft.com/azure/azure-functions/functions-bindings-event-hubs-output',
  node: 'https://learn.microsoft.com/azure/azure-functions/functions-reference-node',
  expressions: 'https://learn.microsoft.com/azure/azure-functions/functions-bindings-expressions-patterns',
  values: 'Azure/azure-functions-host: src/WebJobs.Script/Binding/FunctionBinding.cs',
  reliable: 'https://learn.microsoft.com/azure/azure-functions/functions-reliable-event-processing',
})

let app: OutputsUnderTest
let consumer: EventHubConsumerClient
beforeAll(async () => {
  app = await outputsUnderTest()
  consumer = new EventHubConsumerClient(app.names.CHECKS_GROUP, app.eventHubs, app.names.OUTPUT_HUB)
})
afterAll(async () => {
  await consumer?.close()
  await app?.stop()
})

/** Writes a value through the app, which must answer with the status, and gives the events that came of it. */
async function eventsOf(value: unknown, status = 202): Promise<ReceivedEventData[]> {
  const marker = ownName('end')
  const events: ReceivedEventData[] = []
  const before = new Map<string, number>()
  for (const partition of await consumer.getPartitionIds()) {
    before.set(partition, (await consumer.getPartitionProperties(partition)).lastEnqueuedSequenceNumber)
  }
  const startPosition = Object.fromEntries(
    Array.from(before, ([partition, sequenceNumber]) => [partition, { sequenceNumber, isInclusive: false }]),
  )
  const subscription = consumer.subscribe(
    {
      processEvents: async received => void events.push(...received),
      processError: async error => {
        throw error
      },
    },
    { startPosition, maxWaitTimeInSeconds: 1 },
  )
  try {
    const post = (one: unknown) => fetch(`${app.url}/api/hub`, { method: 'POST', body: JSON.stringify({ value: one }) })
    expect((await post(value)).status).toBe(status)
    // What is written later arrives later, at least within a partition: behind the marker nothing more is to come.
    for (const partitionId of before.keys()) {
      const producer = new EventHubProducerClient(app.eventHubs, app.names.OUTPUT_HUB)
      await producer.sendBatch([{ body: marker }], { partitionId })
      await producer.close()
    }
    const isMarker = ({ body }: ReceivedEventData) => String(body) === marker
    await eventually(async () => (events.filter(isMarker).length === before.size ? true : undefined))
    return events.filter(event => !isMarker(event))
  } finally {
    await subscription.close()
  }
}

describe('an event hub output', () => {
  rule('hub', 'has written an event of its text when the answer arrives', async () => {
    const events = await eventsOf('hello')
    expect(events.map(({ body }) => String(body))).toEqual(['hello'])
  })
  rule('node', 'makes one event of each element of a list, in their order', async () => {
    const events = await eventsOf(Array.from({ length: 50 }, (_, n) => ({ n })))
    expect(events.map(({ body }) => body)).toEqual(Array.from({ length: 50 }, (_, n) => ({ n })))
  })
  rule('values', 'sends bytes as they are', async () => {
    const [event] = await eventsOf({ $bytes: 'AP8B' })
    expect(Buffer.from(event?.body)).toEqual(Buffer.from([0, 255, 1]))
  })
  rule('hub', 'gives its events no partition key', async () => {
    const [event] = await eventsOf('x')
    expect(event?.partitionKey ?? null).toBe(null)
  })
  rule('hub', 'fails the invocation with 500 when an event is larger than the hub takes', async () => {
    expect(await eventsOf('x'.repeat(1_100_000), 500)).toEqual([])
  })
})

describe('what an event hub function returns', () => {
  const send = async (key: string, partitionKey?: string) => {
    const producer = new EventHubProducerClient(app.eventHubs, app.names.OUTPUT_HUB)
    await producer.sendBatch([{ body: { from: key } }], partitionKey === undefined ? {} : { partitionKey })
    await producer.close()
  }
  /** The record of the event that was sent under a key, once it is there; it is removed. */
  const recordOf = async (key: string) => {
    const container = app.blobs.getContainerClient(app.names.RECORDS)
    const name = await eventually(async () => {
      if (!(await container.exists())) return undefined
      for await (const blob of container.listBlobsFlat({ prefix: key })) return blob.name
      return undefined
    })
    const blob = container.getBlockBlobClient(name)
    const record = JSON.parse(String(await blob.downloadToBuffer()))
    await blob.delete()
    return { name, record }
  }
  rule('expressions', 'is written to a path of its event’s metadata', async () => {
    const key = ownName('key')
    await send(key, key)
    const { name, record } = await recordOf(key)
    expect(name).toMatch(new RegExp(`^${key}-\\d+$`))
    expect(record).toEqual({ from: key })
  })
  rule(
    'reliable',
    'and cannot be written fails like a thrown error: the function goes on behind that event',
    async () => {
      const [lost, key] = [ownName('lost'), ownName('key')]
      // The path needs a partition key, which this event does not have.
      await send(lost)
      await send(key, key)
      expect((await recordOf(key)).record).toEqual({ from: key })
      const names: string[] = []
      for await (const { name } of app.blobs.getContainerClient(app.names.RECORDS).listBlobsFlat()) names.push(name)
      // Had its path been made without the key, it would begin with something else.
      expect(names.filter(name => !name.startsWith('key-'))).toEqual([])
    },
  )
})
