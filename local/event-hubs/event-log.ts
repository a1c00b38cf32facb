import type { DatabaseSync } from 'node:sqlite'
import type { AmqpError } from './amqp-error.ts'
import type { IncomingEvent } from './incoming-events.ts'
import type { Partition } from './partition.ts'
import { type Publication, Publishers } from './publishers.ts'
import { storedMessage } from './stored-message.ts'

export interface Append {
  partition: Partition
  events: IncomingEvent[]
  /** Of an idempotent producer, whose batch is stored once however often it comes. */
  publication?: Publication | undefined
}

/** An append that was published before stores nothing and is as good as stored. */
type Appended = 'new' | 'duplicate' | AmqpError

/** Events of all partitions, in one table ordered by log and sequence number. */
export class EventLog {
  private readonly store: DatabaseSync
  readonly publishers: Publishers
  private readonly statements: ReturnType<typeof prepare>

  constructor(store: DatabaseSync) {
    this.store = store
    this.publishers = new Publishers(store)
    this.statements = prepare(store)
  }

  /** Stores all appends in one transaction: after it throws, nothing is stored and no sequence number is used up. */
  append(appends: Append[], nowMs: number): Appended[] {
    const heads = new Map(appends.map(({ partition }) => [partition, { ...partition }]))
    const outcomes: Appended[] = []
    this.inTransaction(() => {
      for (const { partition, events, publication } of appends) {
        const outcome = publication === undefined ? 'new' : this.publishers.publish(partition.log, publication)
        outcomes.push(outcome)
        if (outcome !== 'new') continue
        const head = heads.get(partition) ?? partition
        for (const event of events) this.insert(head, event, nowMs)
      }
      for (const head of heads.values()) this.saveHead(head)
    })
    for (const [partition, head] of heads) Object.assign(partition, head)
    return outcomes
  }

  /** Stored messages from a sequence number on, in order. Stop iterating early to read less. */
  *read(partition: Partition, fromSequence: number): Generator<Buffer> {
    const from = placeOf(partition.log, Math.max(fromSequence, partition.beginSequence))
    const before = placeOf(partition.log, partition.nextSequence)
    for (const { message } of this.statements.range.iterate(from, before)) {
      const bytes = message as Uint8Array
      yield Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    }
  }

  /** The first sequence number kept whose offset or enqueued time is greater than the value. */
  firstAfter(partition: Partition, column: 'offset' | 'enqueuedMs', value: number): number {
    let [low, high] = [partition.beginSequence, partition.nextSequence]
    // Both columns grow with the sequence number, and there are no gaps: halving finds it without an index.
    while (low < high) {
      const middle = Math.floor((low + high) / 2)
      const row = this.statements.place.get(placeOf(partition.log, middle))
      if (Number(row?.[column]) > value) high = middle
      else low = middle + 1
    }
    return low
  }

  /** Removes events enqueued before a time. */
  trim(partition: Partition, beforeMs: number): void {
    const beginSequence = this.firstAfter(partition, 'enqueuedMs', beforeMs - 1)
    if (beginSequence === partition.beginSequence) return
    const { log } = partition
    this.inTransaction(() => {
      this.statements.remove.run(placeOf(log, partition.beginSequence), placeOf(log, beginSequence))
      this.saveHead({ ...partition, beginSequence })
    })
    partition.beginSequence = beginSequence
    // Until then the log that is written ahead has them still.
    this.store.exec('pragma wal_checkpoint(truncate)')
  }

  private insert(head: Partition, event: IncomingEvent, nowMs: number): void {
    // A clock that was set back must not break the order that starting by time relies on.
    const enqueuedMs = Math.max(nowMs, head.last.enqueuedMs)
    const last = { sequence: head.nextSequence, offset: head.nextOffset, enqueuedMs }
    const message = storedMessage(event, last)
    this.statements.insert.run(placeOf(head.log, last.sequence), last.offset, enqueuedMs, message)
    head.last = last
    head.nextSequence++
    head.nextOffset += message.length
  }

  private saveHead({ log, beginSequence, nextSequence, nextOffset, last }: Partition): void {
    this.statements.head.run(beginSequence, nextSequence, nextOffset, last.offset, last.enqueuedMs, log)
  }

  private inTransaction(work: () => void): void {
    this.store.exec('begin immediate')
    try {
      work()
      this.store.exec('commit')
    } catch (error) {
      if (this.store.isTransaction) this.store.exec('rollback')
      throw error
    }
  }
}

/** Row ids: 40 bits of sequence number under the log's number stay within the 53 bits of a JavaScript integer. */
function placeOf(log: number, sequence: number): number {
  return log * 2 ** 40 + sequence
}

function prepare(store: DatabaseSync) {
  return {
    insert: store.prepare('insert into events (place, offset, enqueued_ms, message) values (?, ?, ?, ?)'),
    head: store.prepare(
      'update logs set begin_sequence = ?, next_sequence = ?, next_offset = ?, last_offset = ?, last_enqueued_ms = ? where log = ?',
    ),
    range: store.prepare('select message from events where place >= ? and place < ? order by place'),
    place: store.prepare('select offset, enqueued_ms as enqueuedMs from events where place = ?'),
    remove: store.prepare('delete from events where place >= ? and place < ?'),
  }
}
