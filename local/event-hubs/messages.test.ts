import rhea from 'rhea'
import { describe, expect, test } from 'vitest'
import { consumerOf, producerOf, rawConnection, receive, temporaryBroker } from './broker-fixture.ts'

describe('messages', () => {
  test('bodies of every kind come back as they were sent', async () => {
    const { connectionString } = await temporaryBroker()
    const sent = [
      { body: { data: true } },
      { body: [1, 'two', null], bodyType: 'sequence' as const },
      { body: { value: 1.5, text: 'ä' }, bodyType: 'value' as const },
      { body: 'plain', bodyType: 'value' as const },
    ]
    await producerOf(connectionString).sendBatch(sent, { partitionId: '0' })
    const received = await receive(consumerOf(connectionString), { count: sent.length })
    expect(received.map(({ body }) => body)).toEqual(sent.map(({ body }) => body))
    const types = received.map(event => event.getRawAmqpMessage().bodyType)
    expect(types).toEqual(['data', 'sequence', 'value', 'value'])
  })

  test('properties, identifiers and annotations come back as they were sent', async () => {
    const { connectionString } = await temporaryBroker()
    const event = {
      body: Buffer.from([0, 255]),
      header: { durable: true, priority: 7 },
      applicationProperties: { text: 'x'.repeat(300), int: 7, flag: false },
      messageAnnotations: { 'x-shop': 'north', 'x-opt-sequence-number': 99 },
    }
    const properties = { messageId: 'm-1', correlationId: 'c-1', contentType: 'application/json', subject: 's' }
    await producerOf(connectionString).sendBatch([{ ...event, bodyType: 'data', properties }], { partitionId: '0' })
    const [received] = await receive(consumerOf(connectionString), { count: 1 })
    expect(received).toMatchObject({
      messageId: 'm-1',
      correlationId: 'c-1',
      contentType: 'application/json',
      sequenceNumber: 0,
      properties: event.applicationProperties,
    })
    expect(received?.systemProperties).toMatchObject({ 'x-shop': 'north', subject: 's' })
    expect(received?.getRawAmqpMessage().header).toMatchObject({ durable: true, priority: 7 })
  })

  test('an event sent by itself, not as a batch, is stored like any other', async () => {
    const { connectionString, port } = await temporaryBroker()
    const sender = await rawSender(port)
    sender.send({
      body: rhea.message.data_section(Buffer.from('{"single":true}')),
      message_annotations: { 'x-opt-partition-key': 'user-1' },
      application_properties: { from: 'rhea' },
    } as never)
    await new Promise(resolve => sender.once('accepted', resolve))
    const partition = (await producerOf(connectionString).getPartitionProperties('0')).isEmpty ? '1' : '0'
    const [received] = await receive(consumerOf(connectionString), { partition, count: 1 })
    expect(received).toMatchObject({ body: { single: true }, partitionKey: 'user-1', properties: { from: 'rhea' } })
  })

  test('a transfer that is not AMQP is rejected and stores nothing', async () => {
    const { connectionString, port } = await temporaryBroker()
    const producer = producerOf(connectionString)
    const sender = await rawSender(port)
    for (const bytes of [Buffer.from('garbage'), Buffer.from([0, 0x53, 0x75, 0xa0, 0xff, 1]), Buffer.alloc(0)]) {
      const rejected = new Promise<string>(resolve => {
        sender.once('rejected', ({ delivery }) => resolve(delivery.remote_state.error.condition))
      })
      sender.send(bytes, undefined, 0x80013700)
      expect(await rejected).toBe('amqp:decode-error')
    }
    const partitions = await Promise.all(['0', '1'].map(id => producer.getPartitionProperties(id)))
    expect(partitions.map(({ isEmpty }) => isEmpty)).toEqual([true, true])
  })
})

/** A producer link of rhea's own, for transfers the SDK never makes. */
async function rawSender(port: number) {
  const sender = (await rawConnection(port)).open_sender('interactions')
  await new Promise(resolve => sender.once('sendable', resolve))
  return sender
}
