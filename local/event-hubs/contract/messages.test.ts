import type { EventData, EventDataBatch, ReceivedEventData } from '@azure/event-hubs'
import rhea from 'rhea'
import { describe, expect } from 'vitest'
import { contract } from '../../contract.ts'
import { consumerOf, endOf, producerOf, receive } from './clients.ts'
import { openEndpoint } from './endpoint.ts'
import { pages } from './pages.ts'
import { rawReceiver, rawSender, sendRaw } from './raw.ts'

const at = await openEndpoint()
const rule = contract(pages)

describe('messages', () => {
  for (const [kind, body] of [
    ['an object', { data: true, nested: { list: [1, 'two', null] } }],
    ['a list', [1, 'two', { three: 3 }]],
    ['a text', 'naïve 東京 🛒'],
    ['a number', 1.5],
    ['null', null],
  ] as const) {
    rule('annotated', `${kind} as data comes back as it was sent`, async () => {
      const received = await echo({ body })
      expect(received.body).toEqual(body)
      expect(received.getRawAmqpMessage().bodyType).toBe('data')
    })
  }

  rule('annotated', 'bytes come back byte for byte', async () => {
    const body = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))
    const received = await echo({ body })
    expect(body.equals(Buffer.from(received.body))).toBe(true)
  })

  for (const body of [[1, 2, 3], 1, 1.5, 'hello', true, { hello: 'world' }]) {
    rule('annotated', `${JSON.stringify(body)} as an AMQP value comes back as a value`, async () => {
      const received = await echo({ body, bodyType: 'value' })
      expect(received.body).toEqual(body)
      expect(received.getRawAmqpMessage().bodyType).toBe('value')
    })
  }

  for (const body of [
    [1, 'two', null],
    [[1], [2], [3]],
  ]) {
    rule('annotated', `${JSON.stringify(body)} as an AMQP sequence comes back as a sequence`, async () => {
      const received = await echo({ body, bodyType: 'sequence' })
      expect(received.body).toEqual(body)
      expect(received.getRawAmqpMessage().bodyType).toBe('sequence')
    })
  }

  rule('received', 'application properties come back as they were sent', async () => {
    const properties = {
      text: 'x'.repeat(300),
      whole: 7,
      fraction: 0.25,
      flag: false,
    }
    expect((await echo({ body: 1, properties })).properties).toEqual(properties)
  })

  rule('received', 'a date among the application properties comes back as its milliseconds', async () => {
    const when = new Date(1_700_000_000_000)
    expect((await echo({ body: 1, properties: { when } })).properties).toEqual({ when: when.getTime() })
  })

  rule('received', 'message id, correlation id and content type come back as they were sent', async () => {
    const ids = { messageId: 'm-1', correlationId: 'c-1', contentType: 'application/json' }
    expect(await echo({ body: 1, ...ids })).toMatchObject(ids)
  })

  rule('annotated', 'message properties, footer and custom annotations come back as they were sent', async () => {
    const message = {
      body: 'annotated',
      bodyType: 'data' as const,
      footer: { propFooter: 'foot' },
      messageAnnotations: { propMsgAnnotate: 'annotation' },
      properties: { contentEncoding: 'gzip', subject: 's', groupId: 'g', groupSequence: 3, replyTo: 'r', to: 't' },
    }
    const raw = (await echo(message)).getRawAmqpMessage()
    expect(raw.footer).toMatchObject(message.footer)
    expect(raw.messageAnnotations).toMatchObject(message.messageAnnotations)
    expect(raw.properties).toMatchObject(message.properties)
  })

  rule('received', 'the properties of the message are among the system properties', async () => {
    const message = { body: 1, bodyType: 'data' as const, properties: { subject: 'sale', replyTo: 'shop' } }
    expect((await echo(message)).systemProperties).toMatchObject({ subject: 'sale', replyTo: 'shop' })
  })

  rule('features', 'the place of an event is set by the service, whatever the producer claims', async () => {
    const { sequenceNumber } = await endOf(producerOf(at))
    const claimed = { 'x-opt-sequence-number': 99_999_999, 'x-opt-offset': 'mine', 'x-opt-enqueued-time': new Date(0) }
    const received = await echo({ body: 1, bodyType: 'data', messageAnnotations: claimed })
    expect(received.sequenceNumber).toBe(sequenceNumber + 1)
    expect(received.offset).not.toBe('mine')
    expect(received.enqueuedTimeUtc.getTime()).toBeGreaterThan(Date.now() - 300_000)
  })

  rule('annotated', 'an event that was received can be sent on and comes back with its kind of body', async () => {
    const first = await echo({ body: ['again'], bodyType: 'sequence' })
    const again = await echo(first)
    expect(again.getRawAmqpMessage().bodyType).toBe('sequence')
    expect(again.body).toEqual(['again'])
  })

  for (const [how, format] of [
    ['by itself', 0],
    ['in a batch', 0x80013700],
  ] as const) {
    rule('amqp', `application properties of all AMQP types are kept in an event sent ${how}`, async () => {
      const filter = `amqp.annotation.x-opt-sequence-number > '${(await endOf(producerOf(at))).sequenceNumber}'`
      const message = {
        application_properties: propertiesOfAllTypes(),
        body: rhea.message.data_section(Buffer.from('1')),
      }
      const single = rhea.message.encode(message as never)
      const batch = rhea.message.encode({ body: rhea.message.data_sections([single]) } as never)
      const sender = await rawSender(at, `${at.hub}/Partitions/0`)
      expect(await sendRaw(sender, format === 0 ? single : batch, format)).toBeUndefined()
      const { receiver, messages, until } = await rawReceiver(at, { filter })
      receiver.add_credit(1)
      await until(1)
      expect(messages[0]?.application_properties).toEqual(rhea.message.decode(single).application_properties)
    })
  }
})

/** Sends one event to partition 0 and receives it. */
async function echo(event: Parameters<EventDataBatch['tryAdd']>[0]): Promise<ReceivedEventData> {
  const producer = producerOf(at)
  const from = await endOf(producer)
  await producer.sendBatch([event as EventData], { partitionId: '0' })
  const [received] = await receive(consumerOf(at), { from, count: 1 })
  if (received === undefined) throw new Error('One event was sent')
  return received
}

function propertiesOfAllTypes(): Record<string, unknown> {
  const { types } = rhea
  return {
    boolean: types.wrap_boolean(true),
    ubyte: types.wrap_ubyte(200),
    byte: types.wrap_byte(-100),
    ushort: types.wrap_ushort(60_000),
    short: types.wrap_short(-30_000),
    uint: types.wrap_uint(4_000_000_000),
    int: types.wrap_int(-2_000_000_000),
    ulong: types.wrap_ulong(9_000_000_000_000),
    long: types.wrap_long(-9_000_000_000_000),
    float: types.wrap_float(0.5),
    double: types.wrap_double(1 / 3),
    timestamp: types.wrap_timestamp(1_700_000_000_000),
    uuid: types.wrap_uuid(Buffer.from('00112233445566778899aabbccddeeff', 'hex')),
    binary: types.wrap_binary(Buffer.from([0, 255])),
    string: types.wrap_string('text'),
    symbol: types.wrap_symbol('symbol'),
    nothing: null,
  }
}
