import type { Documents, Versioned } from '../ports.ts'
import { collections } from '../schemas/collections.ts'
import {
  type Counters,
  type CountersDocument,
  counterLimits,
  countersId,
  type LaterCounters,
  laterCountersId,
} from '../schemas/counters.ts'
import { addInteractions, folded, type PopularityOptions } from './decayed-values.ts'
import type { Sequenced } from './delivered.ts'
import { withoutRepeats } from './known-events.ts'

interface Remembered {
  counters: Versioned<Counters> | undefined
  later: Versioned<LaterCounters> | undefined
}

/**
 * Keeps the decayed item counters of the hub's partitions, each event once. Every batch writes the small later part; when
 * that holds many items it is folded into the counters. A crash between the two writes is harmless: a later part that
 * began before its counters' last event counts no more. What was written last is remembered, so that nothing is read
 * while one worker has the partition; a lost condition reads again.
 */
export class CounterWriter {
  readonly #remembered = new Map<string, Remembered>()
  readonly #popularity: PopularityOptions

  constructor(popularity: PopularityOptions) {
    this.#popularity = popularity
  }

  async apply(partition: string, interactions: readonly Sequenced[], documents: Documents): Promise<void> {
    if (interactions.length === 0) return
    for (;;) {
      const before = this.#remembered.get(partition) ?? (await readBoth(partition, documents))
      this.#remembered.delete(partition)
      const later = this.#withBatch(partition, before, interactions)
      if (!later) {
        this.#remembered.set(partition, before)
        return
      }
      const written = await write(before.later?.etag, later, documents)
      if (!written) continue
      const after: Remembered = { counters: before.counters, later: { document: later, etag: written.etag } }
      const counters = await this.#fold(partition, after, documents)
      if (counters) this.#remembered.set(partition, { ...after, counters })
      return
    }
  }

  /** The later part with the events it lacks; undefined when it lacks none. */
  #withBatch(partition: string, { counters, later }: Remembered, interactions: readonly Sequenced[]) {
    const reached = counters?.document.applied ?? -1
    const goesOn = later?.document.since === reached
    const applied = goesOn ? later.document.applied : reached
    const unseen = interactions.filter(({ sequenceNumber }) => sequenceNumber > applied)
    if (unseen.length === 0) return undefined
    const { first, known } = withoutRepeats(unseen, later?.document.known ?? {})
    const start = goesOn ? later.document : { at: 0, values: {} }
    const after: LaterCounters = {
      ...{ type: 'later', id: laterCountersId(partition), since: reached, known },
      applied: unseen.reduce((last, { sequenceNumber }) => Math.max(last, sequenceNumber), applied),
      ...addInteractions(start, first, this.#popularity),
    }
    return after
  }

  /** The counters as they stand: folded when it is time to; undefined when another writer was there. */
  async #fold(partition: string, { counters, later }: Remembered, documents: Documents) {
    const nothing: Counters = { type: 'counters', id: countersId(partition), applied: -1, at: 0, values: {} }
    if (!later || Object.keys(later.document.values).length < counterLimits.laterItems) {
      return counters ?? { document: nothing, etag: '' }
    }
    const values = folded(counters?.document ?? nothing, later.document, this.#popularity)
    const document: Counters = { ...nothing, applied: later.document.applied, ...values }
    const written = await write(counters?.etag || undefined, document, documents)
    return written && { document, etag: written.etag }
  }
}

async function readBoth(partition: string, documents: Documents): Promise<Remembered> {
  const [counters, later] = await Promise.all(
    [countersId(partition), laterCountersId(partition)].map(id =>
      documents.read(collections.counters, { id, partition: id }),
    ),
  )
  return {
    counters: counters?.document.type === 'counters' ? { document: counters.document, etag: counters.etag } : undefined,
    later: later?.document.type === 'later' ? { document: later.document, etag: later.etag } : undefined,
  }
}

function write(
  etag: string | undefined,
  document: CountersDocument,
  documents: Documents,
): Promise<{ etag: string } | undefined> {
  return etag === undefined
    ? documents.create(collections.counters, document)
    : documents.replace(collections.counters, document, etag)
}
