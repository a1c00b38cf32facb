import { describe, expect, test } from 'vitest'
import { consumerOf, producerOf, receive, temporaryBroker } from './broker-fixture.ts'

describe('properties', () => {
  test('a hub tells its name, creation time and partitions', async () => {
    const before = Date.now()
    const { connectionString } = await temporaryBroker()
    const properties = await producerOf(connectionString).getEventHubProperties()
    expect(properties).toMatchObject({ name: 'interactions', partitionIds: ['0', '1'] })
    expect(properties.createdOn.getTime()).toBeGreaterThanOrEqual(before)
  })

  test('a partition that never held an event says so', async () => {
    const { connectionString } = await temporaryBroker()
    expect(await producerOf(connectionString).getPartitionProperties('1')).toEqual({
      eventHubName: 'interactions',
      partitionId: '1',
      isEmpty: true,
      beginningSequenceNumber: 0,
      lastEnqueuedSequenceNumber: -1,
      lastEnqueuedOffset: '-1',
      lastEnqueuedOnUtc: new Date('0001-01-01T00:00:00Z'),
    })
  })

  test('a partition tells the place of its last event as the receiver sees it', async () => {
    const { connectionString } = await temporaryBroker()
    const producer = producerOf(connectionString)
    await producer.sendBatch([{ body: 'a' }, { body: 'b' }, { body: 'c' }], { partitionId: '0' })
    const [, , last] = await receive(consumerOf(connectionString), { count: 3 })
    expect(await producer.getPartitionProperties('0')).toMatchObject({
      isEmpty: false,
      beginningSequenceNumber: 0,
      lastEnqueuedSequenceNumber: last?.sequenceNumber,
      lastEnqueuedOffset: last?.offset,
      lastEnqueuedOnUtc: last?.enqueuedTimeUtc,
    })
  })

  test('an unknown hub is not found, in properties and in sending', async () => {
    const { connectionString } = await temporaryBroker()
    const producer = producerOf(connectionString, 'nothing-here')
    await expect(producer.getEventHubProperties()).rejects.toMatchObject({ code: 'MessagingEntityNotFoundError' })
    await expect(producer.sendBatch([{ body: 1 }])).rejects.toMatchObject({ code: 'MessagingEntityNotFoundError' })
  })

  test('an unknown partition is out of range, in properties, sending and receiving', async () => {
    const { connectionString } = await temporaryBroker()
    const outOfRange = {
      code: 'ArgumentOutOfRangeError',
      message: expect.stringContaining('should be between 0 and 1'),
    }
    const producer = producerOf(connectionString)
    await expect(producer.getPartitionProperties('2')).rejects.toMatchObject(outOfRange)
    await expect(producer.sendBatch([{ body: 1 }], { partitionId: '2' })).rejects.toMatchObject(outOfRange)
    await expect(receive(consumerOf(connectionString), { partition: '2', count: 1 })).rejects.toMatchObject(outOfRange)
  })

  test('an unknown consumer group is not found', async () => {
    const { connectionString } = await temporaryBroker()
    await expect(receive(consumerOf(connectionString, 'third'), { count: 1 })).rejects.toMatchObject({
      code: 'MessagingEntityNotFoundError',
    })
  })
})
