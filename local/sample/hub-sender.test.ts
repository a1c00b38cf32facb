import { EventHubConsumerClient } from '@azure/event-hubs'
import { expect, test } from 'vitest'
import { temporaryBroker } from '../event-hubs/broker-fixture.ts'
import { hubSender } from './hub-sender.ts'

const hub = 'catalog-changes'

test('hubSender() keeps the order of one key, and rejects what has no key', async () => {
  const hubs = [{ name: hub, partitions: 2, consumerGroups: ['$Default'] }]
  const { connectionString } = await temporaryBroker({ hubs })
  await using sender = hubSender(connectionString, hub)
  const batches = Array.from({ length: 10 }, (_, n) =>
    sender.send([{ key: 'pen', n }, { n }, { key: `other ${n}`, n }]),
  )
  for (const outcome of await Promise.all(batches)) {
    expect(outcome).toEqual({ accepted: 2, rejected: [{ index: 1, reason: 'key must be the id of what is changed' }] })
  }
  const consumer = new EventHubConsumerClient('$Default', connectionString, hub)
  const received: { key: string; n: number }[] = []
  await new Promise<void>((resolve, reject) => {
    const processEvents = async (events: { body: { key: string; n: number } }[]) => {
      received.push(...events.map(({ body }) => body))
      if (received.length === 20) resolve()
    }
    const processError = async (error: Error) => reject(error)
    consumer.subscribe({ processEvents, processError }, { startPosition: { sequenceNumber: -1 } })
  })
  await consumer.close()
  expect(received.filter(({ key }) => key === 'pen').map(({ n }) => n)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
})
