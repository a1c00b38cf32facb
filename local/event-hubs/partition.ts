import type { EventPlace } from './stored-message.ts'

/** One append-only log of a hub. Sequence numbers start at 0 and have no gaps; offsets grow with the bytes stored. */
export interface Partition {
  hub: string
  id: string
  /** Number of this log in the store, over all hubs. */
  log: number
  /** Sequence number of the oldest event kept; equal to `nextSequence` when none is. */
  beginSequence: number
  nextSequence: number
  nextOffset: number
  /** The newest event ever stored, known even when retention has removed it. */
  last: EventPlace
}

/** A hub as it is asked for. */
export interface HubSpec {
  name: string
  partitions: number
  consumerGroups: string[]
}

export interface Hub {
  name: string
  createdMs: number
  partitions: Partition[]
  /** By lower-case name, as consumer groups are compared. */
  consumerGroups: Map<string, string>
}

/** What Event Hubs reports for a partition that never held an event; the time is .NET's smallest date. */
export const noEvent: EventPlace = { sequence: -1, offset: -1, enqueuedMs: Date.parse('0001-01-01T00:00:00Z') }
