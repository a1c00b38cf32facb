import { EventHubBufferedProducerClient } from '@azure/event-hubs'
import rhea from 'rhea'
import { describe, expect } from 'vitest'
import { contract } from '../../contract.ts'
import { bodies, consumerOf, endOf, producerOf, receive } from './clients.ts'
import { openEndpoint } from './endpoint.ts'
import { pages } from './pages.ts'
import { rawSender, sendRaw } from './raw.ts'

const batchFormat = 0x80013700
const at = await openEndpoint()
const rule = contract(pages)

describe('sending', () => {
  rule('producer', 'an event sent to a partition is received from it', async () => {
    const producer = producerOf(at)
    const from = await endOf(producer, '1')
    await producer.sendBatch([{ body: 'hello' }], { partitionId: '1' })
    expect(bodies(await receive(consumerOf(at), { partition: '1', from, count: 1 }))).toEqual(['hello'])
  })

  rule('features', 'a batch is stored whole and in order, with sequence numbers without gaps', async () => {
    const producer = producerOf(at)
    const from = await endOf(producer)
    const batch = await producer.createBatch({ partitionId: '0' })
    for (let i = 0; i < 500; i++) expect(batch.tryAdd({ body: i })).toBe(true)
    await producer.sendBatch(batch)
    const events = await receive(consumerOf(at), { from, count: 500 })
    expect(bodies(events)).toEqual(Array.from({ length: 500 }, (_, i) => i))
    const first = from.sequenceNumber + 1
    expect(events.map(event => event.sequenceNumber)).toEqual(Array.from({ length: 500 }, (_, i) => first + i))
  })

  rule('features', 'offsets and enqueued times grow with the sequence numbers of a partition', async () => {
    const producer = producerOf(at)
    const from = await endOf(producer)
    for (const body of [1, 2, 3]) await producer.sendBatch([{ body }, { body }], { partitionId: '0' })
    const events = await receive(consumerOf(at), { from, count: 6 })
    const offsets = events.map(({ offset }) => BigInt(offset))
    expect(offsets).toEqual(offsets.toSorted((a, b) => (a < b ? -1 : 1)))
    expect(new Set(offsets).size).toBe(6)
    const times = events.map(({ enqueuedTimeUtc }) => enqueuedTimeUtc.getTime())
    expect(times).toEqual(times.toSorted((a, b) => a - b))
  })

  rule('consistency', 'an event is stored when the send returns: its partition has grown by it', async () => {
    const producer = producerOf(at)
    const { sequenceNumber } = await endOf(producer)
    await producer.sendBatch([{ body: 1 }, { body: 2 }], { partitionId: '0' })
    expect(await endOf(producer)).toEqual({ sequenceNumber: sequenceNumber + 2 })
  })

  rule('consistency', 'sends without key and partition are spread over the partitions', async () => {
    const producer = producerOf(at)
    const ids = await producer.getPartitionIds()
    const before = await Promise.all(ids.map(id => endOf(producer, id)))
    for (let i = 0; i < 4 * ids.length; i++) await producer.sendBatch([{ body: i }])
    const after = await Promise.all(ids.map(id => endOf(producer, id)))
    const grown = after.map(({ sequenceNumber }, i) => sequenceNumber - (before[i]?.sequenceNumber ?? 0))
    expect(grown.reduce((sum, count) => sum + count, 0)).toBe(4 * ids.length)
    expect(grown.filter(count => count > 0).length).toBeGreaterThan(1)
  })

  rule('consistency', 'a batch without key and partition lands in one partition', async () => {
    const producer = producerOf(at)
    const ids = await producer.getPartitionIds()
    const before = await Promise.all(ids.map(id => endOf(producer, id)))
    await producer.sendBatch(Array.from({ length: 30 }, (_, body) => ({ body })))
    const after = await Promise.all(ids.map(id => endOf(producer, id)))
    const grown = after.map(({ sequenceNumber }, i) => sequenceNumber - (before[i]?.sequenceNumber ?? 0))
    expect(grown.filter(count => count > 0)).toEqual([30])
  })

  rule('producer', 'sending nothing, or an empty batch, stores nothing', async () => {
    const producer = producerOf(at)
    const before = await endOf(producer)
    await producer.sendBatch([], { partitionId: '0' })
    await producer.sendBatch(await producer.createBatch({ partitionId: '0' }))
    expect(await endOf(producer)).toEqual(before)
  })

  rule('features', 'events of several producers at the same time are all stored', async () => {
    const producers = Array.from({ length: 4 }, () => producerOf(at))
    const from = await endOf(producers[0] ?? producerOf(at), '2')
    const sent = producers.flatMap((producer, p) =>
      Array.from({ length: 5 }, async (_, i) => {
        await producer.sendBatch([{ body: `${p}-${i}` }], { partitionId: '2' })
        return `${p}-${i}`
      }),
    )
    const expected = await Promise.all(sent)
    const events = await receive(consumerOf(at), { partition: '2', from, count: 20 })
    expect(bodies(events).toSorted()).toEqual(expected.toSorted())
  })

  rule('bufferedProducer', 'a buffered producer publishes what it was given, in order, and reports it', async () => {
    const from = await endOf(producerOf(at))
    const reported: unknown[] = []
    const buffered = new EventHubBufferedProducerClient(at.connectionString, at.hub, {
      onSendEventsErrorHandler: ({ error }) => reported.push(error),
      onSendEventsSuccessHandler: ({ events }) => reported.push(...bodies(events)),
    })
    const sent = Array.from({ length: 40 }, (_, i) => i)
    for (const body of sent) await buffered.enqueueEvent({ body }, { partitionId: '0' })
    await buffered.close()
    expect(reported).toEqual(sent)
    expect(bodies(await receive(consumerOf(at), { from, count: 40 }))).toEqual(sent)
  })

  rule('amqp', 'an event sent by itself, not as a batch, is stored like any other', async () => {
    const from = await endOf(producerOf(at))
    const sender = await rawSender(at, `${at.hub}/Partitions/0`)
    const message = {
      body: rhea.message.data_section(Buffer.from('{"single":true}')),
      message_annotations: { 'x-opt-partition-key': 'user-1' },
      application_properties: { from: 'rhea' },
    }
    expect(await sendRaw(sender, message)).toBeUndefined()
    const [received] = await receive(consumerOf(at), { from, count: 1 })
    expect(received).toMatchObject({ body: { single: true }, partitionKey: 'user-1', properties: { from: 'rhea' } })
  })

  rule('amqp', 'a transfer that is not an AMQP message is rejected and stores nothing', async () => {
    const producer = producerOf(at)
    const before = await endOf(producer)
    const sender = await rawSender(at, `${at.hub}/Partitions/0`)
    for (const bytes of [Buffer.from('garbage'), Buffer.from([0, 0x53, 0x75, 0xa0, 0xff, 1]), Buffer.alloc(0)]) {
      expect(await sendRaw(sender, bytes, batchFormat)).toMatch(/^amqp:/)
    }
    expect(await endOf(producer)).toEqual(before)
  })
})
