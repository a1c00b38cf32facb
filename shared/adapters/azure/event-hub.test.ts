import { expect, test } from 'vitest'
import { deliveredBatch } from './event-hub.ts'

const metadata = (sequenceNumberArray: unknown[], enqueuedTimeUtcArray: string[]) => ({
  ...{ partitionContext: { partitionId: '3' }, sequenceNumberArray, enqueuedTimeUtcArray },
})

test('a trigger’s events come with their partition, sequence numbers and times', () => {
  const events = [{ item_id: 'pen' }, 'text']
  expect(deliveredBatch(events, metadata([7, 8], ['2026-01-01T12:00:00Z', '2026-01-01T12:00:01Z']))).toEqual({
    partition: '3',
    events: [
      { sequenceNumber: 7, enqueuedAt: '2026-01-01T12:00:00.000Z', body: { item_id: 'pen' } },
      { sequenceNumber: 8, enqueuedAt: '2026-01-01T12:00:01.000Z', body: 'text' },
    ],
  })
})

test('a sequence number may come as a 64-bit pair, and a time without the Z that it means', () => {
  const { events } = deliveredBatch(
    ['a', 'b'],
    metadata(
      [
        { low: -1, high: 0 },
        { low: 0, high: 1 },
      ],
      ['2026-01-01T12:00:00.123', '2026-01-01T14:00:00+02:00'],
    ),
  )
  expect(events.map(({ sequenceNumber }) => sequenceNumber)).toEqual([2 ** 32 - 1, 2 ** 32])
  expect(events.map(({ enqueuedAt }) => enqueuedAt)).toEqual(['2026-01-01T12:00:00.123Z', '2026-01-01T12:00:00.000Z'])
})

test('a batch whose numbers do not fit its events is refused: guards would count wrong', () => {
  expect(() => deliveredBatch(['a', 'b'], metadata([7], ['2026-01-01T12:00:00Z']))).toThrow('2 events came with 1')
  expect(() => deliveredBatch(['a'], {})).toThrow()
})

test('a partition of hubs that were made anew is another: what is known of its numbers does not hold', () => {
  const of = metadata([0], ['2026-01-01T12:00:00Z'])
  expect(deliveredBatch(['a'], of, { epoch: '2' }).partition).toBe('2.3')
  expect(deliveredBatch(['a'], of, { epoch: '' }).partition).toBe('3')
})
