import { describe, expect } from 'vitest'
import { contract } from '../../contract.ts'
import { bodies, consumerOf, endOf, listen, producerOf, receive } from './clients.ts'
import { openEndpoint } from './endpoint.ts'
import { pages } from './pages.ts'
import { putToken, rawReceiver } from './raw.ts'

const at = await openEndpoint()
const rule = contract(pages)

describe('receiving', () => {
  rule('features', 'reading takes nothing away: the same events can be read again', async () => {
    const producer = producerOf(at)
    const from = await endOf(producer)
    await producer.sendBatch([{ body: 'a' }, { body: 'b' }], { partitionId: '0' })
    for (let time = 0; time < 2; time++) {
      expect(bodies(await receive(consumerOf(at), { from, count: 2 }))).toEqual(['a', 'b'])
    }
  })

  rule('features', 'two receivers of one partition both get every event', async () => {
    const producer = producerOf(at)
    const from = await endOf(producer)
    const [one, two] = [listen(consumerOf(at), { from }), listen(consumerOf(at), { from })]
    await producer.sendBatch([{ body: 'for both' }], { partitionId: '0' })
    await Promise.all([one.has('for both'), two.has('for both')])
  })

  rule('features', 'partitions are read each on its own', async () => {
    const producer = producerOf(at)
    const starts = [await endOf(producer, '0'), await endOf(producer, '1')] as const
    for (const partitionId of ['0', '1']) await producer.sendBatch([{ body: partitionId }], { partitionId })
    const consumer = consumerOf(at)
    expect(bodies(await receive(consumer, { partition: '0', from: starts[0], count: 1 }))).toEqual(['0'])
    expect(bodies(await receive(consumer, { partition: '1', from: starts[1], count: 1 }))).toEqual(['1'])
  })

  rule('names', 'the consumer group and the hub may be named in any case', async () => {
    const producer = producerOf(at)
    const from = await endOf(producer)
    await producer.sendBatch([{ body: 'any case' }], { partitionId: '0' })
    const shouted = { ...at, hub: at.hub.toUpperCase() }
    expect(bodies(await receive(consumerOf(shouted, '$DEFAULT'), { from, count: 1 }))).toEqual(['any case'])
  })

  rule('features', 'an event is pushed to an open receiver, which does not poll', async () => {
    const producer = producerOf(at)
    const { receiver, until } = await rawReceiver(at, {
      filter: `amqp.annotation.x-opt-sequence-number > '${(await endOf(producer)).sequenceNumber}'`,
    })
    receiver.add_credit(10)
    await producer.sendBatch([{ body: 'pushed' }], { partitionId: '0' })
    await until(1)
  })

  rule('amqp', 'a receiver is sent no more than its credit', async () => {
    const producer = producerOf(at)
    const filter = `amqp.annotation.x-opt-sequence-number > '${(await endOf(producer)).sequenceNumber}'`
    await producer.sendBatch(
      Array.from({ length: 20 }, (_, body) => ({ body })),
      { partitionId: '0' },
    )
    const { receiver, messages, until } = await rawReceiver(at, { filter })
    receiver.add_credit(7)
    await until(7)
    await producer.sendBatch([{ body: 'later' }], { partitionId: '0' })
    expect(messages).toHaveLength(7)
    receiver.add_credit(5)
    await until(12)
  })

  rule('amqp', 'a receiver that drains is sent what there is, and its credit is used up', async () => {
    const producer = producerOf(at)
    const filter = `amqp.annotation.x-opt-sequence-number > '${(await endOf(producer)).sequenceNumber}'`
    await producer.sendBatch([{ body: 1 }, { body: 2 }, { body: 3 }], { partitionId: '0' })
    const { receiver, messages } = await rawReceiver(at, { filter })
    receiver.add_credit(10)
    receiver.drain_credit()
    await new Promise(resolve => receiver.once('receiver_drained', resolve))
    expect(messages).toHaveLength(3)
  })

  rule('subscribe', 'a handler is given no more events at once than it asked for', async () => {
    const producer = producerOf(at)
    const from = await endOf(producer)
    await producer.sendBatch(
      Array.from({ length: 25 }, (_, body) => ({ body })),
      { partitionId: '0' },
    )
    const sizes: number[] = []
    const complete = Promise.withResolvers<void>()
    const subscription = consumerOf(at).subscribe(
      '0',
      {
        async processEvents(events) {
          sizes.push(events.length)
          if (sizes.reduce((sum, size) => sum + size, 0) >= 25) complete.resolve()
        },
        async processError(error) {
          complete.reject(error)
        },
      },
      { startPosition: from, maxBatchSize: 10, prefetchCount: 10, maxWaitTimeInSeconds: 1 },
    )
    await complete.promise
    await subscription.close()
    expect(Math.max(...sizes)).toBeLessThanOrEqual(10)
  })

  rule('features', 'megabytes reach a receiver that takes them slowly, complete and in order', async () => {
    const producer = producerOf(at)
    const from = await endOf(producer, '2')
    for (let i = 0; i < 24; i++) await producer.sendBatch([{ body: Buffer.alloc(230_000, i) }], { partitionId: '2' })
    const received = await receive(consumerOf(at), { partition: '2', from, count: 24, maxBatchSize: 4 })
    expect(received.map(({ body }) => [body.length, body[0], body.at(-1)])).toEqual(
      Array.from({ length: 24 }, (_, i) => [230_000, i, i]),
    )
  })

  rule('subscribe', 'the last enqueued event is told to receivers that ask for it', async () => {
    const producer = producerOf(at)
    const from = await endOf(producer)
    await producer.sendBatch([{ body: 1 }, { body: 2 }, { body: 3 }], { partitionId: '0' })
    const last = await producer.getPartitionProperties('0')
    const told = Promise.withResolvers<unknown>()
    const subscription = consumerOf(at).subscribe(
      '0',
      {
        async processEvents(events, { lastEnqueuedEventProperties }) {
          if (events.length > 0) told.resolve({ ...lastEnqueuedEventProperties })
        },
        async processError(error) {
          told.reject(error)
        },
      },
      { startPosition: from, maxBatchSize: 1, trackLastEnqueuedEventProperties: true },
    )
    expect(await told.promise).toMatchObject({
      sequenceNumber: last.lastEnqueuedSequenceNumber,
      offset: last.lastEnqueuedOffset,
      enqueuedOn: last.lastEnqueuedOnUtc,
      retrievedOn: expect.any(Date),
    })
    await subscription.close()
  })

  rule('subscribe', 'receivers that do not ask are not told of the last enqueued event', async () => {
    const producer = producerOf(at)
    const filter = `amqp.annotation.x-opt-sequence-number > '${(await endOf(producer)).sequenceNumber}'`
    await producer.sendBatch([{ body: 1 }], { partitionId: '0' })
    const { receiver, messages, until } = await rawReceiver(at, { filter })
    receiver.add_credit(1)
    await until(1)
    expect(messages[0]?.delivery_annotations?.last_enqueued_sequence_number).toBeUndefined()
  })

  rule('amqp', 'a receiver closed amid many events is sent none of them afterwards', async () => {
    const producer = producerOf(at)
    const filter = `amqp.annotation.x-opt-sequence-number > '${(await endOf(producer)).sequenceNumber}'`
    await producer.sendBatch(
      Array.from({ length: 1_000 }, (_, body) => ({ body })),
      { partitionId: '0' },
    )
    const { receiver, until } = await rawReceiver(at, { filter, windowTransfers: 20 })
    const broken = new Promise(resolve => receiver.connection.once('error', resolve))
    const closed = new Promise(resolve => receiver.once('receiver_close', () => resolve('closed')))
    receiver.add_credit(1_000)
    await until(10)
    receiver.close()
    expect(await Promise.race([broken, closed])).toBe('closed')
    // What came behind the detach would be read before the answer to this.
    expect((await putToken(receiver.connection, at)).status).toBe(202)
    expect(await Promise.race([broken, Promise.resolve('unbroken')])).toBe('unbroken')
  })

  rule('consumer', 'a closed subscription gets no more events', async () => {
    const producer = producerOf(at)
    const from = await endOf(producer)
    const consumer = consumerOf(at)
    const closed = listen(consumer, { from })
    await producer.sendBatch([{ body: 'one' }], { partitionId: '0' })
    await closed.has('one')
    await closed.close()
    await producer.sendBatch([{ body: 'two' }], { partitionId: '0' })
    expect(bodies(await receive(consumer, { from, count: 2 }))).toEqual(['one', 'two'])
    await expect(Promise.race([closed.has('two'), Promise.resolve('not received')])).resolves.toBe('not received')
  })
})
