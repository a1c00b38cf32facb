import { EventHubBufferedProducerClient, type EventHubProducerClient, type ReceivedEventData } from '@azure/event-hubs'
import { describe, expect } from 'vitest'
import { contract } from '../../contract.ts'
import { bodies, consumerOf, endOf, producerOf, receive } from './clients.ts'
import { openEndpoint } from './endpoint.ts'
import { pages } from './pages.ts'

const at = await openEndpoint()
const rule = contract(pages)

describe('partition keys', () => {
  rule('features', 'events with one key land in one partition', async () => {
    const producer = producerOf(at)
    const received = await addedBy(producer, async () => {
      for (const body of [1, 2, 3]) await producer.sendBatch([{ body }], { partitionKey: 'user-7' })
    })
    expect(received.map(({ events }) => events.length).filter(count => count > 0)).toEqual([3])
  })

  rule('features', 'events with one key keep the order they were sent in', async () => {
    const producer = producerOf(at)
    const received = await addedBy(producer, async () => {
      for (let body = 0; body < 10; body++) await producer.sendBatch([{ body }], { partitionKey: 'in order' })
    })
    const [{ events } = { events: [] }] = received.filter(each => each.events.length > 0)
    expect(bodies(events)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  })

  rule('received', 'the key is handed to the receiver with every event of the batch', async () => {
    const producer = producerOf(at)
    const received = await addedBy(producer, async () => {
      const batch = await producer.createBatch({ partitionKey: 'user-9' })
      for (let i = 0; i < 3; i++) batch.tryAdd({ body: i })
      await producer.sendBatch(batch)
    })
    const keys = received.flatMap(({ events }) => events.map(({ partitionKey }) => partitionKey))
    expect(keys).toEqual(['user-9', 'user-9', 'user-9'])
  })

  rule('received', 'an event sent without a key has none', async () => {
    const producer = producerOf(at)
    const from = await endOf(producer)
    await producer.sendBatch([{ body: 'keyless' }], { partitionId: '0' })
    const [event] = await receive(consumerOf(at), { from, count: 1 })
    expect(event?.partitionKey ?? undefined).toBeUndefined()
  })

  rule('features', 'many keys are spread over the partitions', async () => {
    const producer = producerOf(at)
    const received = await addedBy(producer, async () => {
      await Promise.all(
        Array.from({ length: 60 }, (_, i) => producer.sendBatch([{ body: i }], { partitionKey: `user-${i}` })),
      )
    })
    const counts = received.map(({ events }) => events.length)
    expect(Math.min(...counts)).toBeGreaterThan(0)
    expect(Math.max(...counts)).toBeLessThan(60)
  })

  rule('features', 'a key may hold any characters, and up to 128 of them', async () => {
    const producer = producerOf(at)
    const keys = ['ключ ü 鍵 🔑', 'k'.repeat(128)]
    const received = await addedBy(producer, async () => {
      for (const partitionKey of keys) await producer.sendBatch([{ body: partitionKey }], { partitionKey })
    })
    const events = received.flatMap(each => each.events)
    expect(events.map(({ partitionKey }) => partitionKey).toSorted()).toEqual(keys.toSorted())
  })

  rule('keyMapper', 'a key lands where the client computes it for buffered sending', async () => {
    const producer = producerOf(at)
    const keys = Array.from({ length: 40 }, (_, i) => 'key'.repeat(i % 7) + i)
    const sentTo = new Map<string, string>()
    const errors: Error[] = []
    const buffered = new EventHubBufferedProducerClient(at.connectionString, at.hub, {
      onSendEventsErrorHandler: ({ error }) => errors.push(error),
      onSendEventsSuccessHandler: ({ events, partitionId }) => {
        for (const { body } of events) sentTo.set(String(body), partitionId)
      },
    })
    for (const key of keys) await buffered.enqueueEvent({ body: key }, { partitionKey: key })
    await buffered.close()
    expect(errors).toEqual([])
    const received = await addedBy(producer, async () => {
      for (const key of keys) await producer.sendBatch([{ body: key }], { partitionKey: key })
    })
    const landedIn = received.flatMap(({ partition, events }) => bodies(events).map(body => [String(body), partition]))
    expect(Object.fromEntries(landedIn)).toEqual(Object.fromEntries(sentTo))
  })
})

/** What `send` adds to each partition. */
async function addedBy(
  producer: EventHubProducerClient,
  send: () => Promise<void>,
): Promise<{ partition: string; events: ReceivedEventData[] }[]> {
  const ids = await producer.getPartitionIds()
  const starts = await Promise.all(ids.map(id => endOf(producer, id)))
  await send()
  const consumer = consumerOf(at)
  return Promise.all(
    ids.map(async (partition, i) => {
      const from = starts[i] ?? { sequenceNumber: -1 }
      const count = (await endOf(producer, partition)).sequenceNumber - from.sequenceNumber
      return { partition, events: count === 0 ? [] : await receive(consumer, { partition, from, count }) }
    }),
  )
}
