import { describe, expect } from 'vitest'
import { contract } from '../../contract.ts'
import { consumerOf, endOf, producerOf, receive } from './clients.ts'
import { openEndpoint } from './endpoint.ts'
import { pages } from './pages.ts'
import { putToken, rawConnection, requests } from './raw.ts'

const at = await openEndpoint()
const rule = contract(pages)

describe('hub information', () => {
  rule('runtimeTest', 'partition ids are the numbers from zero, to producers and consumers alike', async () => {
    const ids = await producerOf(at).getPartitionIds()
    expect(ids.toSorted((a, b) => Number(a) - Number(b))).toEqual(ids.map((_, i) => String(i)))
    expect(await consumerOf(at).getPartitionIds()).toEqual(ids)
  })

  rule('hubProperties', 'a hub tells its name, its creation and its partitions', async () => {
    const producer = producerOf(at)
    const properties = await producer.getEventHubProperties()
    expect(properties.name).toBe(at.hub)
    expect(properties.partitionIds).toEqual(await producer.getPartitionIds())
    expect(properties.createdOn.getTime()).toBeGreaterThan(Date.parse('2014-01-01'))
    expect(properties.createdOn.getTime()).toBeLessThan(Date.now() + 300_000)
  })

  rule('partitionProperties', 'a partition tells the place of its last event as the receiver sees it', async () => {
    const producer = producerOf(at)
    const from = await endOf(producer)
    await producer.sendBatch([{ body: 'a' }, { body: 'b' }, { body: 'c' }], { partitionId: '0' })
    const [, , last] = await receive(consumerOf(at), { from, count: 3 })
    expect(await producer.getPartitionProperties('0')).toMatchObject({
      eventHubName: at.hub,
      partitionId: '0',
      isEmpty: false,
      lastEnqueuedSequenceNumber: last?.sequenceNumber,
      lastEnqueuedOffset: last?.offset,
      lastEnqueuedOnUtc: last?.enqueuedTimeUtc,
    })
  })

  rule('partitionProperties', 'the sequence numbers kept run from the beginning to the last enqueued one', async () => {
    const producer = producerOf(at)
    await producer.sendBatch([{ body: 'a' }], { partitionId: '0' })
    const { beginningSequenceNumber, lastEnqueuedSequenceNumber } = await producer.getPartitionProperties('0')
    expect(beginningSequenceNumber).toBeGreaterThanOrEqual(0)
    expect(beginningSequenceNumber).toBeLessThanOrEqual(lastEnqueuedSequenceNumber)
  })

  rule('names', 'a hub is found whatever the case of its name', async () => {
    const ids = await producerOf(at).getPartitionIds()
    expect(await producerOf({ ...at, hub: at.hub.toUpperCase() }).getPartitionIds()).toEqual(ids)
  })

  rule('exceptions', 'an unknown hub is not found when its properties are read', async () => {
    const unknown = producerOf({ ...at, hub: `${at.hub}-that-is-not-there` })
    await expect(unknown.getEventHubProperties()).rejects.toMatchObject({ code: 'MessagingEntityNotFoundError' })
  })

  rule('exceptions', 'an unknown hub is not found when something is sent to it', async () => {
    const unknown = producerOf({ ...at, hub: `${at.hub}-that-is-not-there` })
    await expect(unknown.sendBatch([{ body: 1 }])).rejects.toMatchObject({ code: 'MessagingEntityNotFoundError' })
  })

  rule('exceptions', 'an unknown consumer group is not found', async () => {
    const consumer = consumerOf(at, 'group-that-is-not-there')
    await expect(receive(consumer, { from: { offset: '-1' }, count: 1 })).rejects.toMatchObject({
      code: 'MessagingEntityNotFoundError',
    })
  })

  rule('runtimeTest', 'the properties of a partition that is not there are out of range', async () => {
    for (const id of ['boo', '-1', '1000']) {
      await expect(producerOf(at).getPartitionProperties(id)).rejects.toMatchObject({ code: 'ArgumentOutOfRangeError' })
    }
  })

  rule('exceptions', 'sending to a partition that is not there is out of range', async () => {
    const sending = producerOf(at).sendBatch([{ body: 1 }], { partitionId: '1000' })
    await expect(sending).rejects.toMatchObject({ code: 'ArgumentOutOfRangeError' })
  })

  rule(
    'exceptions',
    'receiving from a partition that is not there is out of range, and the range is told',
    async () => {
      const last = (await producerOf(at).getPartitionIds()).length - 1
      const receiving = receive(consumerOf(at), { partition: '1000', from: { offset: '-1' }, count: 1 })
      await expect(receiving).rejects.toMatchObject({
        code: 'ArgumentOutOfRangeError',
        message: expect.stringContaining(`between 0 and ${last}`),
      })
    },
  )

  rule('amqp', 'what the management node does not know is not answered with success', async () => {
    const connection = rawConnection(at)
    await putToken(connection, at)
    const manage = requests(connection, '$management')
    for (const wrong of [{ operation: 'DELETE' }, { type: 'com.microsoft:colour' }]) {
      const asked = { operation: 'READ', type: 'com.microsoft:eventhub', name: at.hub, ...wrong }
      const { status } = await manage({ application_properties: asked })
      expect(status).toBeGreaterThanOrEqual(400)
    }
  })
})
