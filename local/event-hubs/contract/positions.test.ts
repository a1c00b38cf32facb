import { type EventPosition, earliestEventPosition, latestEventPosition } from '@azure/event-hubs'
import { describe, expect } from 'vitest'
import { contract } from '../../contract.ts'
import { bodies, consumerOf, endOf, listen, producerOf, receive } from './clients.ts'
import { openEndpoint } from './endpoint.ts'
import { pages } from './pages.ts'
import { rawReceiver } from './raw.ts'

const at = await openEndpoint()
const rule = contract(pages)

describe('starting', () => {
  rule('position', 'after an offset', async () => {
    const [, , { offset }] = await fiveEvents()
    expect(await from({ offset }, 2)).toEqual([3, 4])
  })

  rule('position', 'at an offset when it is inclusive', async () => {
    const [, , { offset }] = await fiveEvents()
    expect(await from({ offset, isInclusive: true }, 3)).toEqual([2, 3, 4])
  })

  rule('position', 'after a sequence number', async () => {
    const [, , { sequenceNumber }] = await fiveEvents()
    expect(await from({ sequenceNumber }, 2)).toEqual([3, 4])
  })

  rule('position', 'at a sequence number when it is inclusive', async () => {
    const [, , { sequenceNumber }] = await fiveEvents()
    expect(await from({ sequenceNumber, isInclusive: true }, 3)).toEqual([2, 3, 4])
  })

  rule('receiverTest', 'after the time an event was enqueued', async () => {
    const [, , { enqueuedTimeUtc }] = await fiveEvents()
    expect(await from({ enqueuedOn: enqueuedTimeUtc }, 2)).toEqual([3, 4])
  })

  rule('position', 'with the first event enqueued later than a time, given in milliseconds', async () => {
    const [, , { enqueuedTimeUtc }] = await fiveEvents()
    expect(await from({ enqueuedOn: enqueuedTimeUtc.getTime() - 1 }, 3)).toEqual([2, 3, 4])
  })

  rule('position', 'at the earliest position with the oldest event kept', async () => {
    await fiveEvents()
    const { beginningSequenceNumber } = await producerOf(at).getPartitionProperties('0')
    const consumer = consumerOf(at)
    for (const position of [earliestEventPosition, { enqueuedOn: new Date(0) }]) {
      const [event] = await receive(consumer, { from: position, count: 1 })
      expect(event?.sequenceNumber).toBe(beginningSequenceNumber)
    }
  })

  rule('receiverTest', 'behind the last event when that is the position, and waits for the next one', async () => {
    const producer = producerOf(at)
    await producer.sendBatch([{ body: 'before' }], { partitionId: '0' })
    const { lastEnqueuedOffset: offset } = await producer.getPartitionProperties('0')
    const receiver = listen(consumerOf(at), { from: { offset } })
    await producer.sendBatch([{ body: 'after' }], { partitionId: '0' })
    await receiver.has('after')
    await expect(Promise.race([receiver.has('before'), Promise.resolve('not received')])).resolves.toBe('not received')
  })

  rule('receiverTest', 'at the latest position only later events arrive', async () => {
    const producer = producerOf(at)
    await producer.sendBatch([{ body: 'old' }], { partitionId: '0' })
    expect(await receivedOnceOpen(latestEventPosition)).toEqual(['new'])
  })

  rule('subscribe', 'without a position is starting at the latest one', async () => {
    await producerOf(at).sendBatch([{ body: 'old' }], { partitionId: '0' })
    expect(await receivedOnceOpen(undefined)).toEqual(['new'])
  })

  rule(
    'exceptions',
    'after a sequence number that is not there yet is refused with the last one there is',
    async () => {
      const { sequenceNumber } = await endAfterEvent()
      const past = sequenceNumber + 488
      await expect(from({ sequenceNumber: past }, 1)).rejects.toMatchObject({
        code: 'ArgumentError',
        message: expect.stringContaining(
          `The supplied sequence number '${past}' is invalid. The last sequence number in the system is '${sequenceNumber}'`,
        ),
      })
    },
  )

  rule('exceptions', 'after an offset that is not there yet is refused with the last one there is', async () => {
    const { lastEnqueuedOffset } = await endAfterEvent()
    const past = String(Number(lastEnqueuedOffset) + 999_999)
    await expect(from({ offset: past }, 1)).rejects.toMatchObject({
      code: 'ArgumentError',
      message: expect.stringContaining(
        `The supplied offset '${past}' is invalid. The last offset in the system is '${lastEnqueuedOffset}'`,
      ),
    })
  })

  rule('subscribe', 'is at a position for each partition', async () => {
    const producer = producerOf(at)
    const ids = await producer.getPartitionIds()
    const startPosition: Record<string, EventPosition> = {}
    for (const id of ids) {
      await producer.sendBatch([{ body: `skipped ${id}` }, { body: `first ${id}` }], { partitionId: id })
      startPosition[id] = { sequenceNumber: (await endOf(producer, id)).sequenceNumber, isInclusive: true }
    }
    const seen: unknown[] = []
    const complete = Promise.withResolvers<void>()
    const subscription = consumerOf(at).subscribe(
      {
        async processEvents(events) {
          seen.push(...bodies(events))
          if (seen.length >= ids.length) complete.resolve()
        },
        async processError(error) {
          complete.reject(error)
        },
      },
      { startPosition, maxWaitTimeInSeconds: 1 },
    )
    await complete.promise
    await subscription.close()
    expect(seen.toSorted()).toEqual(ids.map(id => `first ${id}`).toSorted())
  })

  rule('amqp', 'with a filter that is no position is refused', async () => {
    const { receiver } = await rawReceiver(at, { filter: "amqp.annotation.x-opt-colour > 'red'" })
    const error =
      receiver.error ?? (await new Promise(resolve => receiver.once('receiver_error', () => resolve(receiver.error))))
    expect(error).toMatchObject({ condition: expect.stringMatching(/^(com\.microsoft:argument|amqp:)/) })
  })
})

interface Place {
  offset: string
  sequenceNumber: number
  enqueuedTimeUtc: Date
}

/** Sends 0 to 4 to partition 0, each in a millisecond of its own, and gives their places. */
async function fiveEvents(): Promise<[Place, Place, Place, Place, Place]> {
  const producer = producerOf(at)
  const start = await endOf(producer)
  for (const body of [0, 1, 2, 3, 4]) {
    await producer.sendBatch([{ body }], { partitionId: '0' })
    const now = Date.now()
    while (Date.now() === now) await new Promise(setImmediate)
  }
  const [a, b, c, d, e] = await receive(consumerOf(at), { from: start, count: 5 })
  if (!a || !b || !c || !d || !e) throw new Error('Five events were sent')
  return [a, b, c, d, e]
}

async function from(position: EventPosition, count: number): Promise<unknown[]> {
  return bodies(await receive(consumerOf(at), { from: position, count }))
}

async function endAfterEvent() {
  const producer = producerOf(at)
  await producer.sendBatch([{ body: 'last' }], { partitionId: '0' })
  const { lastEnqueuedSequenceNumber, lastEnqueuedOffset } = await producer.getPartitionProperties('0')
  return { sequenceNumber: lastEnqueuedSequenceNumber, lastEnqueuedOffset }
}

/** What arrives when `new` is sent after the receiver is open, which an empty call after the wait shows. */
async function receivedOnceOpen(startPosition: EventPosition | undefined): Promise<unknown[]> {
  const producer = producerOf(at)
  const received: unknown[] = []
  const arrived = Promise.withResolvers<void>()
  let sent = false
  const subscription = consumerOf(at).subscribe(
    '0',
    {
      async processEvents(events) {
        received.push(...bodies(events))
        if (received.includes('new')) arrived.resolve()
        if (events.length > 0 || sent) return
        sent = true
        await producer.sendBatch([{ body: 'new' }], { partitionId: '0' })
      },
      async processError(error) {
        arrived.reject(error)
      },
    },
    { maxWaitTimeInSeconds: 1, ...(startPosition === undefined ? {} : { startPosition }) },
  )
  await arrived.promise
  await subscription.close()
  return received
}
