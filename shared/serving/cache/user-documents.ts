import type { Documents, Ports, Versioned } from '../../ports.ts'
import { collections, type UserPart } from '../../schemas/collections.ts'
import { isUnavailable } from '../outage/within.ts'
import { bytesOf } from './bytes-of.ts'
import type { CacheCounts, CacheLimits } from './cache-counts.ts'
import { Lru } from './lru.ts'
import { type UserChanges, userChanges } from './user-changes.ts'

type PartId = UserPart['id']
type PartOf<Id extends PartId> = Extract<UserPart, { id: Id }>

/** Read in any case; the others only when somebody asks for them, as each is paid for. */
const always: readonly PartId[] = ['profile', 'preferences', 'consent']
const known: ReadonlySet<string> = new Set<PartId>([...always, 'customer', 'fresh_list'])

export interface UserDocumentsOptions extends CacheLimits {
  /** So long after it was read, or known to be unchanged, a document is as good as read; 0 reads at every request. */
  trustMs: () => number
  /** How often it is asked at most which users changed. */
  lookEveryMs: number
  /** After so long it is read again, changed or not: what was removed, or has outlived its time, does not count as changed. */
  ttlMs: number
  /** So old it may be while nothing can be read. */
  staleMsMax: number
}

interface Held {
  parts: Map<PartId, Versioned<UserPart> | undefined>
  /** When the oldest part was asked for. */
  readAt: number
  /** Somebody has written one of them since. */
  changed: boolean
}

interface Loading {
  wanted: Set<PartId>
  /** What is wanted can still be added to. */
  isOpen: boolean
  held: Promise<Held>
}

/**
 * The documents of users that lists are made from, as an instance holds them. What is held is served while it is known to be
 * unchanged: read within `trustMs`, or followed by looks at what changed. Callers of one moment share a read, and
 * documents of one user are read together. While nothing can be read, what was held last stands for it, as `staleMs` tells.
 */
export class UserDocuments {
  readonly #documents: Pick<Documents, 'readAll' | 'changes'>
  readonly #clock: Ports['clock']
  readonly #options: UserDocumentsOptions
  readonly #changes: UserChanges
  readonly #held: Lru<Held>
  readonly #loading = new Map<string, Loading>()
  readonly #onForget: (userId: string) => void
  #counts = { hits: 0, misses: 0, coalesced: 0, stale: 0 }

  constructor(
    ports: { documents: Pick<Documents, 'readAll' | 'changes'> } & Pick<Ports, 'clock' | 'log'>,
    /** `onForget` is told of users of whom nothing at all may be kept. */
    options: UserDocumentsOptions & { onForget: (userId: string) => void },
  ) {
    this.#documents = ports.documents
    this.#clock = ports.clock
    this.#options = options
    this.#onForget = options.onForget
    this.#held = new Lru({ ...options, bytesOf: ({ parts }) => bytesOf([...parts.values()]) })
    this.#changes = userChanges(ports, {
      everyMs: options.lookEveryMs,
      onChange: ({ key: { id, partition }, etag }) => this.#changed(partition, id, etag),
    })
  }

  /** @throws AppError `unavailable` when it cannot be read and nothing is held that is young enough */
  async part<Id extends PartId>(userId: string, id: Id): Promise<PartOf<Id> | undefined> {
    const askedAt = this.#clock()
    let held = this.#trusted(userId, askedAt)
    if (!held && this.#awaitsLook(userId)) {
      // It costs less than reading everybody anew who asks meanwhile, and that would make the next look later still.
      await this.#changes.soon()
      held = this.#trusted(userId, askedAt)
    }
    if (held?.parts.has(id)) {
      this.#counts.hits += 1
      this.#options.countRead?.('hit')
      return partOf(held, id)
    }
    this.#options.countRead?.('miss')
    try {
      return partOf(await this.#read(userId, id), id)
    } catch (cause) {
      const stale = this.#stale(userId)
      if (!stale?.parts.has(id) || !isUnavailable(cause)) throw cause
      this.#counts.stale += 1
      return partOf(stale, id)
    }
  }

  /** Whether a part that was read is still what it was, by what is held and trusted at the moment; never waits. */
  holds<Id extends PartId>(
    userId: string,
    id: Id,
    value: PartOf<Id> | undefined,
    told: (part: PartOf<Id> | undefined) => PartOf<Id> | undefined = part => part,
  ): boolean {
    const held = this.#trusted(userId)
    if (!held?.parts.has(id) || told(partOf(held, id)) !== value) return false
    this.#counts.hits += 1
    return true
  }

  /** How long ago what is held of the user was last known to be unchanged, where that is longer than it should be; else 0. */
  staleMs(userId: string): number {
    if (this.#options.trustMs() === 0 || this.#trusted(userId)) return 0
    const held = this.#held.peek(userId)
    return held ? this.#clock() - this.#unchangedUntil(held) : 0
  }

  /** Nothing held of the user is served any more, here. */
  forget(userId: string): void {
    this.#held.delete(userId)
    // Who waits for it gets it, and it is not kept.
    this.#loading.delete(userId)
    this.#onForget(userId)
  }

  clear(): void {
    this.#held.clear()
    this.#loading.clear()
  }

  get counts(): CacheCounts & { stale: number; looks: number } {
    const { size: entries, bytes, evictions } = this.#held
    return { ...this.#counts, evictions, entries, bytes, looks: this.#changes.looks }
  }

  /** Whether all that is missing to trust what is held is the look under way, or one begun now. */
  #awaitsLook(userId: string): boolean {
    const held = this.#held.peek(userId)
    return this.#options.trustMs() > 0 && held?.changed === false && this.#changes.canTell(held.readAt)
  }

  #trusted(userId: string, askedAt = this.#clock()): Held | undefined {
    const { ttlMs } = this.#options
    const trustMs = this.#options.trustMs()
    if (trustMs === 0) return undefined
    this.#changes.look()
    const held = this.#held.get(userId)
    if (!held || held.changed || askedAt - held.readAt > ttlMs) return undefined
    return askedAt - this.#unchangedUntil(held) <= trustMs ? held : undefined
  }

  /** Up to when it is known that nobody has written what is held. */
  #unchangedUntil({ readAt, changed }: Held): number {
    const { knownFrom, knownUntil } = this.#changes
    return readAt >= knownFrom && !changed ? Math.max(readAt, knownUntil) : readAt
  }

  #stale(userId: string): Held | undefined {
    const held = this.#held.peek(userId)
    return held && this.#clock() - this.#unchangedUntil(held) <= this.#options.staleMsMax ? held : undefined
  }

  /** What is wanted in one moment is read in one request. */
  async #read(userId: string, id: PartId): Promise<Held> {
    const underWay = this.#loading.get(userId)
    if (underWay && (underWay.isOpen || underWay.wanted.has(id))) {
      underWay.wanted.add(id)
      this.#counts.coalesced += 1
      return underWay.held
    }
    this.#counts.misses += 1
    const wanted = new Set([...always, id])
    const loading: Loading = { wanted, isOpen: true, held: Promise.resolve().then(() => this.#load(userId, loading)) }
    this.#loading.set(userId, loading)
    return loading.held
  }

  async #load(userId: string, loading: Loading): Promise<Held> {
    loading.isOpen = false
    const readAt = this.#clock()
    try {
      const ids = [...loading.wanted]
      const keys = ids.map(id => ({ id, partition: userId }))
      const read = await this.#documents.readAll(collections.userParts, keys)
      const before = this.#held.peek(userId)?.parts
      // The same object while it is the same version: what was made from it stands.
      const parts = ids.map((id, place) => [id, sameVersion(before?.get(id), read[place])] as const)
      const held: Held = { parts: new Map(parts), readAt, changed: false }
      // Not when somebody had it forgotten meanwhile, or another read began later.
      if (this.#loading.get(userId) === loading && this.#options.trustMs() > 0) this.#held.set(userId, held)
      return held
    } finally {
      if (this.#loading.get(userId) === loading) this.#loading.delete(userId)
    }
  }

  /**
   * What was told of consent may not be outlived by what was held before, and a document that is none of those held says
   * something of all of them: of an erasure, or of a wish to read anew. The others may still stand in while nothing can be read.
   */
  #changed(userId: string, id: string, etag: string): void {
    const held = this.#held.peek(userId)
    if (!isPart(id)) {
      if (held || this.#loading.has(userId)) this.forget(userId)
      return
    }
    if (!held?.parts.has(id) || held.parts.get(id)?.etag === etag) return
    if (id === 'consent') this.forget(userId)
    else held.changed = true
  }
}

const isPart = (id: string): id is PartId => known.has(id)

const sameVersion = <T extends { etag: string }>(before: T | undefined, now: T | undefined): T | undefined =>
  before?.etag === now?.etag ? before : now

function partOf<Id extends PartId>({ parts }: Held, id: Id): PartOf<Id> | undefined {
  const document = parts.get(id)?.document
  return isOf(document, id) ? document : undefined
}

const isOf = <Id extends PartId>(document: UserPart | undefined, id: Id): document is PartOf<Id> => document?.id === id
