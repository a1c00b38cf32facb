import { describe, expect, test } from 'vitest'
import { contract } from '../../contract.ts'
import { desiredInstances, nextScale, timerInstances } from './scale-decision.ts'

const rule = contract({
  targets: 'https://learn.microsoft.com/en-us/azure/azure-functions/functions-target-based-scaling',
  hub: 'Azure/azure-sdk-for-net/sdk/eventhub/Microsoft.Azure.WebJobs.Extensions.EventHubs/src/Listeners/EventHubsTargetScaler.cs',
})
const queue = (messages: number, batchSize = 16, newBatchThreshold = 8) =>
  desiredInstances({ type: 'queue', messages, batchSize, newBatchThreshold })
const hub = (unprocessed: number, partitions: number, target = 100) =>
  desiredInstances({ type: 'eventHub', unprocessed, partitions, target })

describe('desiredInstances()', () => {
  rule('targets', 'divides the messages of a queue by what an instance holds, rounded up', () => {
    expect([0, 1, 24, 25, 240].map(messages => queue(messages))).toEqual([0, 1, 1, 2, 10])
    expect(queue(5, 1, 0)).toBe(5)
  })
  rule('targets', 'divides the unprocessed events of a hub by the target, at most to its partitions', () => {
    expect([0, 1, 100, 101, 9_999].map(unprocessed => hub(unprocessed, 4))).toEqual([0, 1, 1, 2, 4])
  })
  rule('hub', 'of an event hub only takes counts that hold its partitions evenly', () => {
    const counts = (partitions: number) => [
      ...new Set(Array.from({ length: 40 }, (_, wanted) => hub(wanted * 100, partitions))),
    ]
    expect(counts(10)).toEqual([0, 1, 2, 3, 4, 5, 10])
    expect(counts(5)).toEqual([0, 1, 2, 3, 5])
    expect(counts(20)).toEqual([0, 1, 2, 3, 4, 5, 7, 10, 20])
    expect(counts(1)).toEqual([0, 1])
  })
})

describe('nextScale()', () => {
  const limits = { min: 0, max: 6, quietMs: 1_000 }
  const from = (count: number, desired: number, { at = 0, busy = 0 } = {}) =>
    nextScale({ count, neededAt: 0 }, { desired, busy, now: at }, limits).count
  rule('targets', 'scales out at once, by four instances at a time, never beyond the maximum', () => {
    expect([from(0, 1), from(0, 6), from(4, 6), from(4, 99)]).toEqual([1, 4, 6, 6])
  })
  test('keeps what has been needed within the quiet time, then gives all of it up', () => {
    expect([from(3, 0, { at: 999 }), from(3, 0, { at: 1_000 }), from(3, 1, { at: 1_000 })]).toEqual([3, 0, 1])
  })
  test('counts an instance at work as needed', () => {
    expect(from(3, 0, { at: 1_000, busy: 2 })).toBe(2)
  })
  test('never goes below the minimum', () => {
    expect(nextScale({ count: 2, neededAt: 0 }, { desired: 0, busy: 0, now: 5_000 }, { ...limits, min: 1 }).count).toBe(
      1,
    )
  })
  test('begins the quiet time anew whenever all are needed', () => {
    const needed = nextScale({ count: 2, neededAt: 0 }, { desired: 2, busy: 0, now: 900 }, limits)
    expect(nextScale(needed, { desired: 0, busy: 0, now: 1_800 }, limits).count).toBe(2)
    expect(nextScale(needed, { desired: 0, busy: 0, now: 1_900 }, limits).count).toBe(0)
  })
})

describe('timerInstances()', () => {
  const now = 1_000_000
  const limits = { leadMs: 5_000, stayMs: 60_000 }
  const at = (inMs: number, count: number) => timerInstances({ next: now + inMs, count, now }, limits)
  test('starts a timer that never listened, to learn what it missed', () => {
    expect(timerInstances({ next: undefined, count: 0, now }, limits)).toBe(1)
  })
  test('starts its process a while before the occurrence, and not earlier', () => {
    expect([at(5_001, 0), at(5_000, 0), at(-10, 0)]).toEqual([0, 1, 1])
  })
  test('keeps a process whose next occurrence is near', () => {
    expect([at(60_000, 1), at(60_001, 1)]).toEqual([1, 0])
  })
})
