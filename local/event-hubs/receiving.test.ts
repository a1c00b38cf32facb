import { type EventPosition, latestEventPosition, type ReceivedEventData } from '@azure/event-hubs'
import { describe, expect, test } from 'vitest'
import { consumerOf, producerOf, rawConnection, receive, temporaryBroker } from './broker-fixture.ts'

describe('receiving', () => {
  test('every position starts where Event Hubs starts', async () => {
    const { connectionString } = await temporaryBroker()
    const producer = producerOf(connectionString)
    for (const body of [0, 1, 2, 3, 4]) {
      await producer.sendBatch([{ body }], { partitionId: '0' })
      await laterThanNow()
    }
    const consumer = consumerOf(connectionString)
    const all = await receive(consumer, { count: 5 })
    const { offset, sequenceNumber, enqueuedTimeUtc } = all[2] as ReceivedEventData
    const starts: [EventPosition, number[]][] = [
      [{ offset: '-1' }, [0, 1, 2, 3, 4]],
      [{ offset }, [3, 4]],
      [{ offset, isInclusive: true }, [2, 3, 4]],
      [{ sequenceNumber }, [3, 4]],
      [{ sequenceNumber, isInclusive: true }, [2, 3, 4]],
      [{ sequenceNumber: -1 }, [0, 1, 2, 3, 4]],
      [{ enqueuedOn: enqueuedTimeUtc }, [3, 4]],
      [{ enqueuedOn: enqueuedTimeUtc.getTime() - 1 }, [2, 3, 4]],
      [{ enqueuedOn: new Date(0) }, [0, 1, 2, 3, 4]],
    ]
    for (const [from, expected] of starts) {
      const events = await receive(consumer, { from, count: expected.length })
      expect(bodies(events), JSON.stringify(from)).toEqual(expected)
    }
  })

  test('from the latest position only later events arrive, at once', async () => {
    const { connectionString } = await temporaryBroker()
    const producer = producerOf(connectionString)
    await producer.sendBatch([{ body: 'old' }], { partitionId: '0' })
    const consumer = consumerOf(connectionString)
    const arrived = Promise.withResolvers<{ body: unknown; afterMs: number }>()
    let sentMs = Number.POSITIVE_INFINITY
    const subscription = consumer.subscribe(
      '0',
      {
        async processEvents(events) {
          for (const { body } of events) arrived.resolve({ body, afterMs: performance.now() - sentMs })
          if (events.length > 0 || sentMs < Number.POSITIVE_INFINITY) return
          // An empty call after the wait shows that the link is open.
          sentMs = performance.now()
          await producer.sendBatch([{ body: 'new' }], { partitionId: '0' })
        },
        async processError(error) {
          arrived.reject(error)
        },
      },
      { startPosition: latestEventPosition, maxWaitTimeInSeconds: 1 },
    )
    const { body, afterMs } = await arrived.promise
    await subscription.close()
    expect(body).toBe('new')
    expect(afterMs).toBeLessThan(500)
  })

  test('a position past the end is refused with the last one there is', async () => {
    const { connectionString } = await temporaryBroker()
    await producerOf(connectionString).sendBatch([{ body: 1 }], { partitionId: '0' })
    const consumer = consumerOf(connectionString)
    await expect(receive(consumer, { from: { sequenceNumber: 488 }, count: 1 })).rejects.toMatchObject({
      code: 'ArgumentError',
      message: "The supplied sequence number '488' is invalid. The last sequence number in the system is '0'",
    })
    await expect(receive(consumer, { from: { offset: '999999' }, count: 1 })).rejects.toMatchObject({
      code: 'ArgumentError',
      message: "The supplied offset '999999' is invalid. The last offset in the system is '0'",
    })
  })

  test('consumer groups and partitions read on their own, the group named in any case', async () => {
    const { connectionString } = await temporaryBroker()
    const producer = producerOf(connectionString)
    await producer.sendBatch([{ body: 'zero' }], { partitionId: '0' })
    await producer.sendBatch([{ body: 'one' }], { partitionId: '1' })
    for (const group of ['$Default', 'second', 'SECOND']) {
      const consumer = consumerOf(connectionString, group)
      expect(bodies(await receive(consumer, { partition: '0', count: 1 }))).toEqual(['zero'])
      expect(bodies(await receive(consumer, { partition: '1', count: 1 }))).toEqual(['one'])
    }
  })

  test('a receiver is sent no more than its credit', async () => {
    const { connectionString, port } = await temporaryBroker()
    const producer = producerOf(connectionString)
    const events = Array.from({ length: 20 }, (_, body) => ({ body }))
    await producer.sendBatch(events, { partitionId: '0' })
    const { receiver, received, until } = await rawReceiver(port)
    receiver.add_credit(7)
    await until(7)
    await producer.sendBatch([{ body: 'later' }], { partitionId: '0' })
    expect(received()).toBe(7)
    receiver.add_credit(5)
    await until(12)
  })

  test('a receiver that drains is sent what there is, and its credit is used up', async () => {
    const { connectionString, port } = await temporaryBroker()
    const producer = producerOf(connectionString)
    await producer.sendBatch([{ body: 1 }, { body: 2 }, { body: 3 }], { partitionId: '0' })
    const { receiver, received } = await rawReceiver(port)
    receiver.add_credit(10)
    receiver.drain_credit()
    await new Promise(resolve => receiver.once('receiver_drained', resolve))
    expect(received()).toBe(3)
  })

  test('many megabytes reach a receiver that takes them slowly, complete and in order', async () => {
    const { connectionString } = await temporaryBroker()
    const producer = producerOf(connectionString)
    for (let i = 0; i < 24; i++) await producer.sendBatch([{ body: Buffer.alloc(900_000, i) }], { partitionId: '0' })
    const received = await receive(consumerOf(connectionString), { count: 24, maxBatchSize: 8 })
    expect(received.map(({ body }) => [body.length, body[0], body.at(-1)])).toEqual(
      Array.from({ length: 24 }, (_, i) => [900_000, i, i]),
    )
  })

  test('the last enqueued event is told to receivers that ask for it', async () => {
    const { connectionString } = await temporaryBroker()
    const producer = producerOf(connectionString)
    await producer.sendBatch([{ body: 1 }, { body: 2 }, { body: 3 }], { partitionId: '0' })
    const last = await producer.getPartitionProperties('0')
    const told = Promise.withResolvers<unknown>()
    const consumer = consumerOf(connectionString)
    const subscription = consumer.subscribe(
      '0',
      {
        async processEvents(events, { lastEnqueuedEventProperties }) {
          if (events.length > 0) told.resolve({ ...lastEnqueuedEventProperties })
        },
        async processError(error) {
          told.reject(error)
        },
      },
      { startPosition: { offset: '-1' }, maxBatchSize: 1, trackLastEnqueuedEventProperties: true },
    )
    expect(await told.promise).toMatchObject({
      sequenceNumber: 2,
      offset: last.lastEnqueuedOffset,
      enqueuedOn: last.lastEnqueuedOnUtc,
      retrievedOn: expect.any(Date),
    })
    await subscription.close()
  })

  test('subscribing to the whole hub reads every partition', async () => {
    const { connectionString } = await temporaryBroker()
    const producer = producerOf(connectionString)
    for (const partitionId of ['0', '1']) await producer.sendBatch([{ body: partitionId }], { partitionId })
    const seen = new Set<unknown>()
    const complete = Promise.withResolvers<void>()
    const subscription = consumerOf(connectionString).subscribe(
      {
        async processEvents(events) {
          for (const { body } of events) seen.add(body)
          if (seen.size === 2) complete.resolve()
        },
        async processError(error) {
          complete.reject(error)
        },
      },
      { startPosition: { offset: '-1' }, maxWaitTimeInSeconds: 1 },
    )
    await complete.promise
    await subscription.close()
    expect([...seen].toSorted()).toEqual(['0', '1'])
  })
})

function bodies(events: { body: unknown }[]): unknown[] {
  return events.map(({ body }) => body)
}

/** A receiver of rhea's own on partition 0, whose credit the test gives. */
async function rawReceiver(port: number) {
  const connection = await rawConnection(port)
  const source = { address: 'interactions/ConsumerGroups/$Default/Partitions/0' }
  const receiver = connection.open_receiver({ source, credit_window: 0 } as never)
  let count = 0
  receiver.on('message', () => count++)
  await new Promise(resolve => receiver.once('receiver_open', resolve))
  const until = async (enough: number) => {
    while (count < enough) await new Promise(resolve => receiver.once('message', resolve))
  }
  return { receiver, received: () => count, until }
}

/** Ends in a later millisecond, so that no two events share their time. */
async function laterThanNow(): Promise<void> {
  const now = Date.now()
  while (Date.now() === now) await new Promise(setImmediate)
}
