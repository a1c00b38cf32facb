import type { Socket } from 'node:net'
import type { Sender } from 'rhea'
import type { EventLog } from './event-log.ts'
import type { Partition } from './partition.ts'
import { type Client, sendableNow, transfersOf } from './rhea.ts'
import { lastEnqueuedAnnotations, withDeliveryAnnotations } from './stored-message.ts'
import type { ThroughputMeter } from './throughput.ts'

// Bounds what one turn reads from the store and what may wait for a slow client, so that memory stays flat.
const turnEventsMax = 256
const turnBytesMax = 1_048_576
const unsentBytesMax = 4_194_304

interface ConsumerOptions {
  sender: Sender
  client: Client
  partition: Partition
  consumerGroup: string
  /** The owner level; undefined for a receiver that shares the partition. */
  epoch: number | undefined
  name: string
  fromSequence: number
  tellsLastEnqueued: boolean
  log: EventLog
  /** What all receivers of the namespace share; undefined where throughput is not limited. */
  egress: ThroughputMeter | undefined
  now: () => number
}

/** Sends one receiver the events of a partition, as far as its credit goes and as soon as they are committed. */
export class Consumer {
  readonly options: ConsumerOptions
  private nextSequence: number
  private waiting = false

  constructor(options: ConsumerOptions) {
    this.options = options
    this.nextSequence = options.fromSequence
  }

  /** To be called when there may be something to send: new events, or new credit. */
  wake(): void {
    if (this.waiting || !this.options.sender.is_open()) return
    const throttledMs = this.options.egress?.waitMs() ?? 0
    if (throttledMs > 0 || this.sendTurn() > 0) this.wakeLater(throttledMs)
  }

  private wakeLater(throttledMs: number): void {
    const { socket } = this.options.client
    this.waiting = true
    const again = () => {
      this.waiting = false
      this.wake()
    }
    if (throttledMs > 0) setTimeout(again, throttledMs).unref()
    else
      setImmediate(() => {
        if (socket.writableLength > unsentBytesMax) socket.once('drain', again)
        else again()
      })
  }

  private sendTurn(): number {
    const { sender, client, partition, log, tellsLastEnqueued, egress, now } = this.options
    this.nextSequence = Math.max(this.nextSequence, partition.beginSequence)
    const sendable = sendableNow(sender)
    const eventsMax = Math.min(sendable.messages, turnEventsMax, partition.nextSequence - this.nextSequence)
    if (eventsMax <= 0) return 0
    const annotations = tellsLastEnqueued ? lastEnqueuedAnnotations(partition.last, now()) : undefined
    let [events, bytes, transfers] = [0, 0, 0]
    for (const message of log.read(partition, this.nextSequence)) {
      const delivered = annotations === undefined ? message : withDeliveryAnnotations(message, annotations)
      transfers += transfersOf(sender, delivered.length)
      if (transfers > sendable.transfers) break
      sender.send(delivered, undefined, 0)
      events++
      bytes += message.length
      if (events >= eventsMax || bytes >= turnBytesMax) break
    }
    this.nextSequence += events
    egress?.take({ bytes, events })
    writeTogether(client.socket)
    return events
  }
}

/** rhea writes each transfer by itself, on the next tick; joined they take one system call. */
function writeTogether(socket: Socket): void {
  socket.cork()
  process.nextTick(() => socket.uncork())
}
