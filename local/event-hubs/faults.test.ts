import { EventHubConsumerClient, EventHubProducerClient, earliestEventPosition } from '@azure/event-hubs'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { eventHubsFaults } from '../faults/fault-plan.ts'
import { temporaryBroker } from './broker-fixture.ts'
import { consumerOf, producerOf, receive } from './contract/clients.ts'

const hub = 'interactions'

/** A broker that shows the faults of a plan, and clients that try again quickly. */
async function faultyBroker() {
  const faults = eventHubsFaults()
  const { connectionString } = await temporaryBroker({ faults })
  const retryOptions = { maxRetries: 3, retryDelayInMs: 1, timeoutInMs: 1_500 }
  const producer = new EventHubProducerClient(connectionString, hub, { retryOptions })
  const consumer = new EventHubConsumerClient('$Default', connectionString, hub, { retryOptions })
  onTestFinished(() => producer.close())
  onTestFinished(() => consumer.close())
  return { faults, connectionString, producer, consumer }
}

const sendTo0 = { partitionId: '0' }

describe('faults of Event Hubs', () => {
  test('a send whose acknowledgement is lost is sent again by the SDK, and stored twice', async () => {
    const { faults, producer, consumer } = await faultyBroker()
    faults.set([{ match: { operation: 'send' }, action: { type: 'drop', when: 'after' }, times: 1 }])
    await producer.sendBatch([{ body: 'once' }], sendTo0)
    const events = await receive(consumer, { from: earliestEventPosition, count: 2 })
    expect(events.map(({ body }) => body)).toEqual(['once', 'once'])
    expect(faults.read()).toMatchObject([{ matched: 2, applied: 1 }])
  })

  test('a send cut off before it is stored is sent again by the SDK, and stored once', async () => {
    const { faults, producer } = await faultyBroker()
    faults.set([{ match: { operation: 'send' }, action: { type: 'drop' }, times: 1 }])
    await producer.sendBatch([{ body: 'once' }], sendTo0)
    expect((await producer.getPartitionProperties('0')).lastEnqueuedSequenceNumber).toBe(0)
  })

  test('a send refused with internal-error is tried again, until the SDK gives up', async () => {
    const { faults, producer } = await faultyBroker()
    faults.set([{ match: { operation: 'send' }, action: { type: 'error', condition: 'internal-error' }, times: 2 }])
    await producer.sendBatch([{ body: 1 }], sendTo0)
    faults.set([{ match: { operation: 'send' }, action: { type: 'error', condition: 'internal-error' } }])
    await expect(producer.sendBatch([{ body: 2 }], sendTo0)).rejects.toMatchObject({
      errors: Array(4).fill(expect.objectContaining({ code: 'InternalServerError' })),
    })
    expect(faults.read()).toMatchObject([{ matched: 4, applied: 4 }])
    expect((await producer.getPartitionProperties('0')).lastEnqueuedSequenceNumber).toBe(0)
  })

  test('a busy server refuses a send by its own condition', async () => {
    const { faults, connectionString } = await faultyBroker()
    faults.set([{ action: { type: 'error', condition: 'server-busy' }, match: { operation: 'send' } }])
    const producer = producerOf({ connectionString, hub })
    await expect(producer.sendBatch([{ body: 1 }])).rejects.toMatchObject({ code: 'ServerBusyError', retryable: true })
  })

  test('a receiver whose connection is cut in the middle goes on where it was', async () => {
    const { faults, producer, consumer } = await faultyBroker()
    await producer.sendBatch(
      Array.from({ length: 20 }, (_, body) => ({ body })),
      sendTo0,
    )
    const cut = { type: 'drop', when: 'after' }
    faults.set([{ match: { operation: 'deliver', partition: '0' }, action: cut, script: [{ pass: 6 }, { fail: 1 }] }])
    const bodies: unknown[] = []
    const subscription = consumer.subscribe(
      '0',
      {
        processEvents: async events => void bodies.push(...events.map(({ body }) => body)),
        processError: async () => undefined,
      },
      { startPosition: earliestEventPosition, maxWaitTimeInSeconds: 1 },
    )
    await vi.waitFor(() => expect(bodies.length).toBeGreaterThanOrEqual(20), { timeout: 15_000 })
    await subscription.close()
    expect(bodies).toEqual(Array.from({ length: 20 }, (_, body) => body))
    expect(faults.read()).toMatchObject([{ applied: 1 }])
  })

  test('an attach is refused with the condition of the rule, for the direction it names', async () => {
    const { faults, connectionString, producer } = await faultyBroker()
    faults.set([
      {
        match: { operation: 'attach', direction: 'out', hub: 'INTERACTIONS' },
        action: { type: 'error', condition: 'amqp:not-allowed', description: 'Not today' },
      },
    ])
    await producer.sendBatch([{ body: 1 }], sendTo0)
    await expect(
      receive(consumerOf({ connectionString, hub }), { from: earliestEventPosition, count: 1 }),
    ).rejects.toThrow('Not today')
    faults.clear()
    expect(
      await receive(consumerOf({ connectionString, hub }), { from: earliestEventPosition, count: 1 }),
    ).toHaveLength(1)
  })

  test('sends of one link keep their order when some are held up', async () => {
    const { faults, producer, consumer } = await faultyBroker()
    await producer.sendBatch([{ body: 0 }], sendTo0)
    faults.set([{ match: { operation: 'send' }, action: { type: 'delay', ms: 60 }, script: [{ fail: 1 }] }])
    const started = performance.now()
    const sends = [1, 2, 3].map(body => producer.sendBatch([{ body }], sendTo0))
    await Promise.all(sends)
    expect(performance.now() - started).toBeGreaterThanOrEqual(59)
    expect((await receive(consumer, { from: earliestEventPosition, count: 4 })).map(({ body }) => body)).toEqual([
      0, 1, 2, 3,
    ])
  })

  test('a delivery is held up on its way out', async () => {
    const { faults, producer, consumer } = await faultyBroker()
    await producer.sendBatch([{ body: 1 }], sendTo0)
    faults.set([{ match: { operation: 'deliver' }, action: { type: 'delay', ms: 80 } }])
    const started = performance.now()
    expect(await receive(consumer, { from: earliestEventPosition, count: 1 })).toHaveLength(1)
    expect(performance.now() - started).toBeGreaterThanOrEqual(79)
  })

  test('new connections are refused, and the SDK comes in once they no longer are', async () => {
    const { faults, producer } = await faultyBroker()
    faults.set([{ action: { type: 'refuse' }, times: 2 }])
    await producer.sendBatch([{ body: 1 }], sendTo0)
    expect(faults.read()).toMatchObject([{ matched: 3, applied: 2 }])
  })
})
