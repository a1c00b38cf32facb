import type { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { EventLog } from './event-log.ts'
import { openHubs } from './hubs.ts'
import type { IncomingEvent } from './incoming-events.ts'
import type { Partition } from './partition.ts'
import { openStore } from './store-schema.ts'
import { tierOf } from './tier.ts'

describe('EventLog', () => {
  let store: DatabaseSync
  let log: EventLog
  let partition: Partition

  beforeEach(() => {
    store = openStore(':memory:')
    log = new EventLog(store)
    partition = reopened()
  })
  afterEach(() => store.close())

  function reopened(): Partition {
    const specs = [{ name: 'h', partitions: 1, consumerGroups: [] }]
    const options = { specs, tier: tierOf('basic'), nowMs: 0 }
    const [first] = openHubs(store, options).get('h')?.partitions ?? []
    if (first === undefined) throw new RangeError('The hub has no partition')
    return first
  }

  test('an append that fails half way stores nothing and uses up no sequence number', () => {
    const sameLog = { ...partition }
    const failing = [partition, sameLog].map(each => ({ partition: each, events: [event, event] }))
    expect(() => log.append(failing, 1)).toThrow('UNIQUE')
    expect([...log.read(partition, 0)]).toEqual([])
    expect(reopened()).toEqual(partition)
    log.append([{ partition, events: [event] }], 2)
    expect(partition.last).toEqual({ sequence: 0, offset: 0, enqueuedMs: 2 })
  })

  test('appends to one partition in one commit follow each other', () => {
    log.append(
      [
        { partition, events: [event] },
        { partition, events: [event, event] },
      ],
      5,
    )
    expect([partition.nextSequence, [...log.read(partition, 1)].length]).toEqual([3, 2])
    expect(reopened()).toEqual(partition)
  })

  test('the first event after a time or an offset is found on both sides of each event', () => {
    for (const nowMs of [10, 20, 30]) log.append([{ partition, events: [event] }], nowMs)
    const at = [9, 10, 19, 20, 29, 30, 31].map(ms => log.firstAfter(partition, 'enqueuedMs', ms))
    expect(at).toEqual([0, 1, 1, 2, 2, 3, 3])
    const { offset } = partition.last
    expect([-1, 0, offset - 1, offset].map(value => log.firstAfter(partition, 'offset', value))).toEqual([0, 1, 2, 3])
  })

  test('a clock that is set back does not put an event before an earlier one', () => {
    for (const nowMs of [100, 50]) log.append([{ partition, events: [event] }], nowMs)
    expect(partition.last.enqueuedMs).toBe(100)
  })

  test('trimming keeps what is young enough', () => {
    for (const nowMs of [10, 20, 30]) log.append([{ partition, events: [event] }], nowMs)
    log.trim(partition, 20)
    expect([partition.beginSequence, [...log.read(partition, 0)].length]).toEqual([1, 2])
    expect(reopened()).toEqual(partition)
  })
})

const event: IncomingEvent = {
  header: Buffer.alloc(0),
  annotations: [],
  partitionKey: undefined,
  published: undefined,
  rest: Buffer.from([0, 0x53, 0x75, 0xa0, 1, 7]),
}
