import { EventHubBufferedProducerClient } from '@azure/event-hubs'
import rhea, { type Connection, type Sender } from 'rhea'
import { describe, expect } from 'vitest'
import { contract } from '../../contract.ts'
import { bodies, consumerOf, endOf, producerOf, receive } from './clients.ts'
import { openEndpoint } from './endpoint.ts'
import { pages } from './pages.ts'
import { putToken, rawConnection, sendRaw } from './raw.ts'

const batchFormat = 0x80013700
const at = await openEndpoint({ tier: 'standard' })
const rule = contract(pages)

describe('idempotent producers, which the basic tier does not offer', () => {
  rule('bufferedProducer', 'a buffered producer with idempotent retries publishes each event once', async () => {
    const from = await endOf(producerOf(at))
    const errors: Error[] = []
    const buffered = new EventHubBufferedProducerClient(at.connectionString, at.hub, {
      enableIdempotentRetries: true,
      onSendEventsErrorHandler: ({ error }) => errors.push(error),
    })
    for (let body = 0; body < 10; body++) await buffered.enqueueEvent({ body }, { partitionId: '0' })
    await buffered.flush()
    for (let body = 10; body < 20; body++) await buffered.enqueueEvent({ body }, { partitionId: '0' })
    await buffered.close()
    expect(errors).toEqual([])
    expect(bodies(await receive(consumerOf(at), { from, count: 20 }))).toEqual(Array.from({ length: 20 }, (_, i) => i))
  })

  rule('idempotentTest', 'a producer that says nothing is given an id, an epoch and its place', async () => {
    const { properties } = await idempotentLink({})
    expect(properties['com.microsoft:producer-id']).toBeDefined()
    expect(properties['com.microsoft:producer-epoch']).toBe(0)
    expect(properties['com.microsoft:producer-sequence-number']).toBe(0)
  })

  rule('idempotentTest', 'a batch that is sent again, as after a lost acknowledgement, is stored once', async () => {
    const { sender, id } = await idempotentLink({})
    const { sequenceNumber } = await endOf(producerOf(at))
    for (const first of [1, 1, 3, 3, 1])
      expect(await sendRaw(sender, batch(id, { first, events: 2 }), batchFormat)).toBeUndefined()
    expect(await endOf(producerOf(at))).toEqual({ sequenceNumber: sequenceNumber + 4 })
  })

  rule('idempotentTest', 'a sequence number that leaves a gap, or was passed, is out of order', async () => {
    const { sender, id } = await idempotentLink({})
    expect(await sendRaw(sender, batch(id, { first: 1, events: 5 }), batchFormat)).toBeUndefined()
    for (const first of [2, 7]) {
      const outOfOrder = await sendRaw(sender, batch(id, { first, events: 1 }), batchFormat)
      expect(outOfOrder).toBe('com.microsoft:out-of-order-sequence')
    }
  })

  rule('idempotentTest', 'a producer goes on where the one before it stood, with a higher epoch', async () => {
    const first = await idempotentLink({})
    await sendRaw(first.sender, batch(first.id, { first: 1, events: 3 }), batchFormat)
    const second = await idempotentLink({ id: first.id, epoch: 1, sequence: 3 })
    expect(second.properties).toMatchObject({
      'com.microsoft:producer-epoch': 1,
      'com.microsoft:producer-sequence-number': 3,
    })
    const next = batch(first.id, { first: 4, events: 1, epoch: 1 })
    expect(await sendRaw(second.sender, next, batchFormat)).toBeUndefined()
  })

  rule('idempotentTest', 'a higher epoch disconnects the producers of the same id', async () => {
    const first = await idempotentLink({})
    await sendRaw(first.sender, batch(first.id, { first: 1, events: 1 }), batchFormat)
    await idempotentLink({ id: first.id, epoch: 1, sequence: 1 })
    const late = await sendRaw(first.sender, batch(first.id, { first: 2, events: 1 }), batchFormat)
    expect(late).toBe('com.microsoft:producer-epoch-stolen')
    const again = idempotentLink({ id: first.id, epoch: 0, sequence: 1 })
    await expect(again).rejects.toMatchObject({ condition: 'com.microsoft:producer-epoch-stolen' })
  })

  rule('idempotentTest', 'a negative epoch is out of range', async () => {
    const refused = idempotentLink({ epoch: -1 })
    await expect(refused).rejects.toMatchObject({ condition: 'com.microsoft:argument-out-of-range' })
  })
})

interface State {
  id?: number
  epoch?: number
  sequence?: number
}

/** A link of an idempotent producer to partition 0; rejects with the error it is closed with. */
async function idempotentLink({ id, epoch, sequence }: State) {
  const connection: Connection = rawConnection(at)
  await putToken(connection, at)
  const { types } = rhea
  const isEmpty = id === undefined && epoch === undefined && sequence === undefined
  const claims = {
    'com.microsoft:producer-id': id === undefined ? null : types.wrap_long(id),
    'com.microsoft:producer-epoch': epoch === undefined ? null : types.wrap_short(epoch),
    'com.microsoft:producer-sequence-number': sequence === undefined ? null : types.wrap_int(sequence),
  }
  const sender: Sender = connection.open_sender({
    target: `${at.hub}/Partitions/0`,
    desired_capabilities: ['com.microsoft:idempotent-producer'],
    properties: isEmpty ? {} : claims,
  } as never)
  await new Promise<void>((resolve, reject) => {
    sender.once('sendable', () => resolve())
    sender.once('sender_error', () => reject(sender.error))
  })
  const properties: Record<string, unknown> = { ...sender.properties }
  return { sender, properties, id: Number(properties['com.microsoft:producer-id']) }
}

/** An encoded batch whose events carry their numbers. */
function batch(id: number, { first, events, epoch = 0 }: { first: number; events: number; epoch?: number }): Buffer {
  const { types, message } = rhea
  const encoded = Array.from({ length: events }, (_, i) =>
    message.encode({
      message_annotations: {
        'com.microsoft:producer-id': types.wrap_long(id),
        'com.microsoft:producer-epoch': types.wrap_short(epoch),
        'com.microsoft:producer-sequence-number': types.wrap_int(first + i),
      },
      body: message.data_section(Buffer.from(String(first + i))),
    } as never),
  )
  return message.encode({ body: message.data_sections(encoded) } as never)
}
