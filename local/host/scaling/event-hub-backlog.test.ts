import { describe, expect, test } from 'vitest'
import { unprocessedEvents } from './event-hub-backlog.ts'

const partition = (partitionId: string, first: number, last: number) => ({
  partitionId,
  isEmpty: last < first,
  beginningSequenceNumber: first,
  lastEnqueuedSequenceNumber: last,
})

describe('unprocessedEvents()', () => {
  test('counts what lies behind the checkpoints, over all partitions', () => {
    const checkpoints = [
      { partitionId: '0', sequenceNumber: 7 },
      { partitionId: '1', sequenceNumber: 4 },
    ]
    expect(unprocessedEvents([partition('0', 0, 9), partition('1', 0, 4)], checkpoints)).toBe(2)
  })
  test('counts everything in a partition without a checkpoint, and nothing in an empty one', () => {
    expect(unprocessedEvents([partition('0', 3, 9), partition('1', 0, -1)], [])).toBe(7)
  })
})
