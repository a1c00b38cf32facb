import type { AmqpError } from './amqp-error.ts'
import type { Append, EventLog } from './event-log.ts'
import type { Partition } from './partition.ts'

interface Pending extends Append {
  /** Called after the commit, with the error when it failed. */
  settle: (error?: AmqpError) => void
}

/** Commits everything that arrives in one turn of the event loop in a single transaction, then settles it. */
export class CommitQueue {
  private pending: Pending[] = []
  private readonly log: EventLog
  private readonly committed: (partition: Partition) => void

  private readonly now: () => number

  constructor(log: EventLog, { committed, now }: { committed: (partition: Partition) => void; now: () => number }) {
    this.log = log
    this.committed = committed
    this.now = now
  }

  add(pending: Pending): void {
    this.pending.push(pending)
    if (this.pending.length === 1) setImmediate(() => this.flush())
  }

  flush(): void {
    const batch = this.pending
    if (batch.length === 0) return
    this.pending = []
    const errors = this.commit(batch)
    batch.forEach(({ settle }, i) => {
      settle(errors[i])
    })
    for (const partition of new Set(batch.map(({ partition }) => partition))) this.committed(partition)
  }

  /** The error of each append that was not stored. */
  private commit(batch: Pending[]): (AmqpError | undefined)[] {
    try {
      const outcomes = this.log.append(batch, this.now())
      return outcomes.map(outcome => (typeof outcome === 'string' ? undefined : outcome))
    } catch (error) {
      // A full disk must not take the broker down: the producer is told and may send again.
      const reason = error instanceof Error ? error.message : String(error)
      const description = `The events could not be stored: ${reason}`
      return batch.map(() => ({ condition: 'amqp:internal-error', description }))
    }
  }
}
