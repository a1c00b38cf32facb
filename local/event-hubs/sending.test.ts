import { EventHubBufferedProducerClient } from '@azure/event-hubs'
import { describe, expect, test } from 'vitest'
import { consumerOf, producerOf, receive, temporaryBroker } from './broker-fixture.ts'

describe('sending', () => {
  test('transfers without key and partition go round the partitions', async () => {
    const { connectionString } = await temporaryBroker()
    const producer = producerOf(connectionString)
    for (const body of [1, 2, 3, 4]) await producer.sendBatch([{ body }])
    const consumer = consumerOf(connectionString)
    expect(bodies(await receive(consumer, { partition: '0', count: 2 }))).toEqual([1, 3])
    expect(bodies(await receive(consumer, { partition: '1', count: 2 }))).toEqual([2, 4])
  })

  test('a partition key always lands in the same partition and is handed to the receiver', async () => {
    const { connectionString } = await temporaryBroker()
    const producer = producerOf(connectionString)
    for (const body of [1, 2, 3]) await producer.sendBatch([{ body }], { partitionKey: 'user-7' })
    const counts = await Promise.all(
      ['0', '1'].map(async id => (await producer.getPartitionProperties(id)).lastEnqueuedSequenceNumber + 1),
    )
    expect(counts.toSorted()).toEqual([0, 3])
    const partition = String(counts.indexOf(3))
    const events = await receive(consumerOf(connectionString), { partition, count: 3 })
    expect(events.map(event => event.partitionKey)).toEqual(['user-7', 'user-7', 'user-7'])
  })

  test('a partition key lands where the SDK computes it for buffered sending', async () => {
    const partitions = 7
    const hubs = [{ name: 'interactions', partitions, consumerGroups: [] }]
    const { connectionString } = await temporaryBroker({ hubs })
    const keys = Array.from({ length: 40 }, (_, i) => 'key'.repeat(i % 7) + i)
    const sentTo = new Map<string, string>()
    const buffered = new EventHubBufferedProducerClient(connectionString, 'interactions', {
      onSendEventsErrorHandler: async ({ error }) => {
        throw error
      },
      onSendEventsSuccessHandler: async ({ events, partitionId }) => {
        for (const { body } of events) sentTo.set(String(body), partitionId)
      },
    })
    for (const key of keys) await buffered.enqueueEvent({ body: key }, { partitionKey: key })
    await buffered.close()
    const producer = producerOf(connectionString)
    for (const key of keys) await producer.sendBatch([{ body: `again ${key}` }], { partitionKey: key })
    const consumer = consumerOf(connectionString)
    const landedIn = new Map<string, string>()
    for (const partition of new Set(sentTo.values())) {
      const { lastEnqueuedSequenceNumber } = await producer.getPartitionProperties(partition)
      const events = await receive(consumer, { partition, count: lastEnqueuedSequenceNumber + 1 })
      for (const { body } of events) {
        if (String(body).startsWith('again ')) landedIn.set(String(body).slice('again '.length), partition)
      }
    }
    expect(landedIn).toEqual(sentTo)
  })

  test('a batch is stored whole and in order, with sequence numbers without gaps and growing offsets', async () => {
    const { connectionString } = await temporaryBroker()
    const producer = producerOf(connectionString)
    const batch = await producer.createBatch({ partitionId: '1' })
    for (let i = 0; i < 500; i++) expect(batch.tryAdd({ body: i })).toBe(true)
    await producer.sendBatch(batch)
    const events = await receive(consumerOf(connectionString), { partition: '1', count: 500 })
    expect(bodies(events)).toEqual(Array.from({ length: 500 }, (_, i) => i))
    expect(events.map(event => event.sequenceNumber)).toEqual(Array.from({ length: 500 }, (_, i) => i))
    const offsets = events.map(event => Number(event.offset))
    expect(offsets).toEqual(offsets.toSorted((a, b) => a - b))
    expect(new Set(offsets).size).toBe(500)
  })

  test('the largest batch the SDK builds is stored; one byte over the limit is refused', async () => {
    const { connectionString } = await temporaryBroker()
    const producer = producerOf(connectionString)
    const batch = await producer.createBatch({ partitionId: '0' })
    expect(batch.maxSizeInBytes).toBe(1_048_576)
    const body = Buffer.alloc(1_000_000, 'x')
    expect(batch.tryAdd({ body })).toBe(true)
    expect(batch.tryAdd({ body })).toBe(false)
    await producer.sendBatch(batch)
    const tooLarge = [{ body: Buffer.alloc(1_048_577) }]
    await expect(producer.sendBatch(tooLarge, { partitionId: '0' })).rejects.toMatchObject({
      code: 'MessageTooLargeError',
    })
    const [event] = await receive(consumerOf(connectionString), { count: 1 })
    expect(body.equals(Buffer.from(event?.body))).toBe(true)
  })

  test('a smaller message limit is what producers are told and held to', async () => {
    const { connectionString } = await temporaryBroker({ limits: { messageBytesMax: 262_144 } })
    const producer = producerOf(connectionString)
    expect((await producer.createBatch()).maxSizeInBytes).toBe(262_144)
    await expect(producer.sendBatch([{ body: Buffer.alloc(262_144) }])).rejects.toMatchObject({
      code: 'MessageTooLargeError',
    })
  })
})

function bodies(events: { body: unknown }[]): unknown[] {
  return events.map(({ body }) => body)
}
