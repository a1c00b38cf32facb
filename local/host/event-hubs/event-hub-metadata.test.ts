import type { ReceivedEventData } from '@azure/event-hubs'
import { expect, test } from 'vitest'
import { batchMetadata, eventText } from './event-hub-metadata.ts'

const event = (sequenceNumber: number, partitionKey: string | null): ReceivedEventData => ({
  body: Buffer.from('{"a":1}'),
  sequenceNumber,
  offset: '4294967297',
  enqueuedTimeUtc: new Date('2026-01-02T03:04:05.678Z'),
  partitionKey,
  properties: { shop: 's1' },
  systemProperties: {},
  getRawAmqpMessage: () => ({ body: undefined }),
})
const partition = {
  FullyQualifiedNamespace: 'ns',
  EventHubName: 'hub',
  ConsumerGroup: '$Default',
  PartitionId: '1',
  IsCheckpointingAfterInvocation: true,
}

test('a batch carries one array per property, and keys only of events that have one', () => {
  const metadata = batchMetadata([event(7, 'user-1'), event(2 ** 32 + 5, null)], partition)
  expect(metadata.PartitionKeyArray).toEqual({ collectionString: { string: ['user-1'] } })
  expect(metadata.OffsetArray).toEqual({ collectionString: { string: ['4294967297', '4294967297'] } })
  expect(metadata.SequenceNumberArray).toEqual({
    collectionSint64: {
      sint64: [
        { low: 7, high: 0, unsigned: false },
        { low: 5, high: 1, unsigned: false },
      ],
    },
  })
  expect(JSON.parse(metadata.EnqueuedTimeUtcArray?.json ?? '')).toEqual(Array(2).fill('2026-01-02T03:04:05.678'))
  expect(JSON.parse(metadata.PropertiesArray?.json ?? '')).toEqual(Array(2).fill({ shop: 's1' }))
  expect(JSON.parse(metadata.SystemPropertiesArray?.json ?? '')[1]).toMatchObject({
    SequenceNumber: 2 ** 32 + 5,
    PartitionKey: null,
  })
  expect(JSON.parse(metadata.PartitionContext?.json ?? '')).toEqual(partition)
})

test('bodies reach the library as text, whatever AMQP section they came in', () => {
  expect(eventText(event(1, null))).toBe('{"a":1}')
  expect(eventText({ ...event(1, null), body: 'text' })).toBe('text')
  expect(eventText({ ...event(1, null), body: { b: 2 } })).toBe('{"b":2}')
})
