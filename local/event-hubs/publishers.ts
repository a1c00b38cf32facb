import type { DatabaseSync } from 'node:sqlite'
import { type AmqpError, outOfOrder, outOfRange, publisherStolen } from './amqp-error.ts'

/** Where an idempotent producer stands in one partition; its sequence numbers count its own events from 1. */
export interface Publisher {
  producerId: number
  epoch: number
  /** Of the event published last; 0 before the first one. */
  lastSequence: number
}

/** One batch of an idempotent producer. */
export interface Publication {
  producerId: number
  epoch: number
  firstSequence: number
  lastSequence: number
}

/** As many batches a producer may send again because it has not seen them acknowledged. */
const batchesRemembered = 5

/**
 * The idempotent producers of all partitions, kept in the store.
 * Source: what the client's live tests of idempotent publishing hold the service to.
 */
export class Publishers {
  private readonly statements: ReturnType<typeof prepare>

  constructor(store: DatabaseSync) {
    this.statements = prepare(store)
  }

  /** Where a producer that attaches to a partition's log goes on; whatever it does not say is filled in. */
  attach(log: number, claims: { [name in keyof Publisher]: number | undefined }): Publisher | AmqpError {
    for (const [name, value] of Object.entries(claims)) {
      if (value !== undefined && !(value >= 0)) return outOfRange(name, value)
    }
    const { producerId = Number(this.statements.nextId.get()?.id) } = claims
    const known = this.find(log, producerId)
    const { epoch = known?.epoch ?? 0, lastSequence = known?.lastSequence ?? 0 } = claims
    const attached = { producerId, epoch, lastSequence }
    if (known === undefined || epoch > known.epoch) this.save(log, attached, [])
    return known !== undefined && epoch < known.epoch ? publisherStolen(epoch, known.epoch) : attached
  }

  /** Whether a batch is to be stored; one that was stored before is not. To be called in the transaction that stores it. */
  publish(log: number, publication: Publication): 'new' | 'duplicate' | AmqpError {
    const { producerId, epoch, firstSequence, lastSequence } = publication
    const known = this.find(log, producerId)
    if (known === undefined) return outOfOrder(firstSequence, 0)
    if (epoch < known.epoch) return publisherStolen(epoch, known.epoch)
    if (known.batches.some(([first, last]) => first === firstSequence && last === lastSequence)) return 'duplicate'
    if (firstSequence !== known.lastSequence + 1) return outOfOrder(firstSequence, known.lastSequence)
    const batches = [...known.batches, [firstSequence, lastSequence] as const].slice(-batchesRemembered)
    this.save(log, { producerId, epoch, lastSequence }, batches)
    return 'new'
  }

  private find(log: number, producerId: number) {
    const row = this.statements.find.get(log, producerId)
    if (row === undefined) return undefined
    const numbers = String(row.batches).split(',').map(Number)
    const batches = numbers.flatMap((first, i) =>
      i % 2 === 0 && first > 0 ? [[first, numbers[i + 1] ?? 0] as const] : [],
    )
    return { epoch: Number(row.epoch), lastSequence: Number(row.last_sequence), batches }
  }

  private save(
    log: number,
    { producerId, epoch, lastSequence }: Publisher,
    batches: (readonly [number, number])[],
  ): void {
    this.statements.save.run(log, producerId, epoch, lastSequence, batches.flat().join(','))
  }
}

function prepare(store: DatabaseSync) {
  return {
    nextId: store.prepare('select coalesce(max(producer), 0) + 1 as id from publishers'),
    find: store.prepare('select epoch, last_sequence, batches from publishers where log = ? and producer = ?'),
    save: store.prepare('insert or replace into publishers values (?, ?, ?, ?, ?)'),
  }
}
