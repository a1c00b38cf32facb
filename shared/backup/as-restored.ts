import type { Collection } from '../schemas/collections.ts'
import type { StoredDocument } from './containers.ts'

/** What a restore knows of the shop it brings back. */
export interface Moment {
  /** The generation that was live; undefined before the first. */
  live: number | undefined
  now: number
}

/** Documents of two generations, of which the pointer says which one is read. */
const slotted = ['user_topn', 'item_sim', 'assoc_rules', 'trending']

/**
 * A document as it goes back; undefined where its time to live is over. What was under way when it was copied is not any
 * more: runs are cancelled and leases free, slots of generations that never went live are empty, and nothing is taken for
 * granted of what the documents hold, so that the next refresh reads and compares them all.
 */
export function asRestored(
  { container }: Pick<Collection<StoredDocument>, 'container'>,
  stored: StoredDocument,
  { live, now }: Moment,
): StoredDocument | undefined {
  const { _ts: writtenAt, ...document } = stored
  if (document.ttl !== undefined && document.ttl > 0 && writtenAt !== undefined) {
    document.ttl = Math.ceil(writtenAt + document.ttl - now / 1000)
    if (document.ttl <= 0) return undefined
  }
  if (slotted.includes(container)) return withoutLater(document, live ?? 0)
  if (container === 'models' && document.id === 'published') {
    return { id: document.id, generation: document.generation }
  }
  if (container === 'runs' && document.id === 'lease') {
    const { holder, ...lease } = document
    return lease
  }
  if (container === 'runs' && document.id === 'run' && document.status === 'running') {
    const at = new Date(now).toISOString()
    return { ...document, status: 'cancelled', completed_at: at, moved_at: at, error: 'Cancelled by a restore' }
  }
  return document
}

function withoutLater({ a, b, ...document }: StoredDocument, live: number): StoredDocument {
  const isLive = (slot: unknown) => generationOf(slot) <= live
  return { ...document, ...(a !== undefined && isLive(a) ? { a } : {}), ...(b !== undefined && isLive(b) ? { b } : {}) }
}

/** Infinity for what is no slot. */
function generationOf(slot: unknown): number {
  const generation = typeof slot === 'object' && slot !== null && 'generation' in slot ? slot.generation : undefined
  return typeof generation === 'number' ? generation : Number.POSITIVE_INFINITY
}
