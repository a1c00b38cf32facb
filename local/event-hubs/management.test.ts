import { describe, expect, test } from 'vitest'
import { temporaryBroker } from './broker-fixture.ts'
import { producerOf } from './contract/clients.ts'

describe('management', () => {
  test('a partition that never held an event says so', async () => {
    const { connectionString } = await temporaryBroker()
    expect(await producerOf({ connectionString, hub: 'interactions' }).getPartitionProperties('1')).toEqual({
      eventHubName: 'interactions',
      partitionId: '1',
      isEmpty: true,
      beginningSequenceNumber: 0,
      lastEnqueuedSequenceNumber: -1,
      lastEnqueuedOffset: '-1',
      lastEnqueuedOnUtc: new Date('0001-01-01T00:00:00Z'),
    })
  })
})
