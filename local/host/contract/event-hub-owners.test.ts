import {
  EventHubConsumerClient,
  EventHubProducerClient,
  latestEventPosition,
  type MessagingError,
  type ReceivedEventData,
} from '@azure/event-hubs'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { contract } from '../../contract.ts'
import { type ListenersUnderTest, listenersUnderTest, newRun, until } from './listeners-under-test.ts'

const rule = contract({
  balance: 'https://learn.microsoft.com/azure/event-hubs/event-processor-balance-partition-load',
  features: 'https://learn.microsoft.com/azure/event-hubs/event-hubs-features',
})

let app: ListenersUnderTest
let producer: EventHubProducerClient
beforeAll(async () => {
  app = await listenersUnderTest(['many'])
  producer = new EventHubProducerClient(app.eventHubs, 'contract-listeners')
})
afterAll(async () => {
  await producer.close()
  await app.stop()
})

const send = (run: string) => producer.sendBatch([{ body: { run } }], { partitionId: '0' })
const isTaken = async (run: string) => (await app.records(run, 'many')).length > 0

/** A receiver of its own on the partition and the consumer group of the function. */
function join(ownerLevel?: number) {
  const events: ReceivedEventData[] = []
  const errors: (Error | MessagingError)[] = []
  const client = new EventHubConsumerClient('$Default', app.eventHubs, 'contract-listeners')
  const subscription = client.subscribe(
    '0',
    {
      processEvents: async received => {
        events.push(...received)
      },
      processError: async error => {
        errors.push(error)
      },
    },
    { startPosition: latestEventPosition, ...(ownerLevel !== undefined && { ownerLevel }) },
  )
  return {
    events,
    errors,
    leave: async () => {
      await subscription.close()
      await client.close()
    },
  }
}

describe('the partition of a function', () => {
  rule('features', 'is refused to a receiver without owner level', async () => {
    const run = newRun()
    await send(run)
    await until(() => isTaken(run))
    const other = join()
    await until(() => other.errors.length > 0)
    expect(other.errors[0]).toMatchObject({ code: 'ReceiverDisconnectedError' })
    await other.leave()
    const later = newRun()
    await send(later)
    await until(() => isTaken(later))
  })
  rule(
    'features',
    'goes to a receiver with a higher owner level, and the function has it back behind that',
    async () => {
      const first = newRun()
      await send(first)
      await until(() => isTaken(first))
      const other = join(5)
      const stolen = newRun()
      await until(async () => {
        await send(stolen)
        return other.events.length > 0
      })
      await other.leave()
      // What the other receiver was given belongs to the function all the same: its checkpoint stands before it.
      await until(() => isTaken(stolen), 30_000)
      const later = newRun()
      // A batch is recorded under its first event: one of several runs may hold the first of these.
      await until(async () => {
        await send(later)
        return isTaken(later)
      }, 30_000)
    },
    90_000,
  )
  rule(
    'balance',
    'has an owner, whose name stands in a blob that is renewed',
    async () => {
      const blobs = app.blobs.getContainerClient('azure-webjobs-eventhub')
      const path = `${producer.fullyQualifiedNamespace}/contract-listeners/$default/ownership/0`.toLowerCase()
      const owner = async () => {
        const { metadata, etag } = await blobs.getBlobClient(path).getProperties()
        return { id: metadata?.ownerid, etag }
      }
      const first = await owner()
      expect(first.id).toMatch(/.+/)
      await until(async () => (await owner()).etag !== first.etag, 40_000)
      expect((await owner()).id).toBe(first.id)
    },
    60_000,
  )
})
