import type { EventHubConsumerClient } from '@azure/event-hubs'
import { describe, expect, onTestFinished, test } from 'vitest'
import { consumerOf, producerOf, receive, temporaryBroker } from './broker-fixture.ts'

describe('owner level', () => {
  test('a higher one takes the partition and the old receiver learns that it was disconnected', async () => {
    const { connectionString } = await brokerWithEvent()
    const old = await open(consumerOf(connectionString), 1)
    const [event] = await receive(consumerOf(connectionString), { count: 1, ownerLevel: 2 })
    expect(event?.body).toBe('event')
    expect(await old.ended).toMatchObject({
      code: 'ReceiverDisconnectedError',
      message: expect.stringContaining("higher epoch of '2' is created hence current receiver"),
    })
  })

  test('the same one takes the partition from the receiver before', async () => {
    const { connectionString } = await brokerWithEvent()
    const old = await open(consumerOf(connectionString), 1)
    await receive(consumerOf(connectionString), { count: 1, ownerLevel: 1 })
    expect(await old.ended).toMatchObject({ code: 'ReceiverDisconnectedError' })
  })

  test('a lower one is refused and the owner keeps receiving', async () => {
    const { connectionString } = await brokerWithEvent()
    const owner = await open(consumerOf(connectionString), 5)
    await expect(receive(consumerOf(connectionString), { count: 1, ownerLevel: 4 })).rejects.toMatchObject({
      code: 'ReceiverDisconnectedError',
      message: expect.stringContaining("with a higher epoch '5' already exists"),
    })
    await producerOf(connectionString).sendBatch([{ body: 'later' }], { partitionId: '0' })
    expect(await owner.next).toBe('later')
  })

  test('a receiver without one is refused beside an owner, and disconnected by one', async () => {
    const { connectionString } = await brokerWithEvent()
    const reader = await open(consumerOf(connectionString), undefined)
    await open(consumerOf(connectionString), 1)
    expect(await reader.ended).toMatchObject({ code: 'ReceiverDisconnectedError' })
    await expect(receive(consumerOf(connectionString), { count: 1 })).rejects.toMatchObject({
      code: 'ReceiverDisconnectedError',
      message: expect.stringContaining('non-epoch receiver is not allowed'),
    })
  })

  test('it holds within one consumer group, and ends with the receiver', async () => {
    const { connectionString } = await brokerWithEvent()
    const owner = await open(consumerOf(connectionString), 9)
    expect(await receive(consumerOf(connectionString, 'second'), { count: 1, ownerLevel: 1 })).toHaveLength(1)
    await owner.close()
    expect(await receive(consumerOf(connectionString), { count: 1 })).toHaveLength(1)
  })

  test('five receivers without one share a partition, a sixth is refused', async () => {
    const { connectionString } = await brokerWithEvent()
    for (let i = 0; i < 5; i++) await open(consumerOf(connectionString), undefined)
    await expect(receive(consumerOf(connectionString), { count: 1 })).rejects.toMatchObject({
      code: 'QuotaExceededError',
    })
  })
})

async function brokerWithEvent() {
  const broker = await temporaryBroker()
  await producerOf(broker.connectionString).sendBatch([{ body: 'event' }], { partitionId: '0' })
  return broker
}

/** Keeps receiving partition 0; `next` is the body after the first event, `ended` the first error. */
async function open(consumer: EventHubConsumerClient, ownerLevel: number | undefined) {
  const [first, next, ended] = [
    Promise.withResolvers<unknown>(),
    Promise.withResolvers<unknown>(),
    Promise.withResolvers<Error>(),
  ]
  const subscription = consumer.subscribe(
    '0',
    {
      async processEvents(events) {
        for (const { body } of events) (body === 'event' ? first : next).resolve(body)
      },
      async processError(error) {
        first.reject(error)
        ended.resolve(error)
      },
    },
    { startPosition: { offset: '-1' }, maxWaitTimeInSeconds: 1, ...(ownerLevel === undefined ? {} : { ownerLevel }) },
  )
  onTestFinished(() => subscription.close())
  await first.promise
  return { next: next.promise, ended: ended.promise, close: () => subscription.close() }
}
