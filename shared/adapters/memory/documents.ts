import { z } from 'zod'
import type { Change, ConditionalWrite, DocumentKey, Documents, QueryConditions, Versioned } from '../../ports.ts'
import type { Collection } from '../../schemas/collections.ts'

interface Entry {
  text: string
  etag: string
  partition: string
  writtenAtSeconds: number
  /** The document's own time to live is over from this second on. */
  goneAtSeconds: number
}

const TimeToLive = z.object({ ttl: z.number().optional() })

/** Documents in memory, as strict as Cosmos where the app can tell: copies in and out, versions, partitions. */
export function memoryDocuments(now: () => number): MemoryDocuments {
  return new MemoryDocuments(now, new Map())
}

export class MemoryDocuments implements Documents {
  readonly requestUnits = 0
  readonly #containers: Map<string, Map<string, Entry>>
  readonly #now: () => number
  static #versions = 0

  constructor(now: () => number, containers: Map<string, Map<string, Entry>>) {
    this.#now = now
    this.#containers = containers
  }

  metered(): Documents {
    return new MemoryDocuments(this.#now, this.#containers)
  }

  /** Documents of their own that hold the same by now. */
  copy(now: () => number): MemoryDocuments {
    const containers = [...this.#containers].map(([name, entries]) => [name, new Map(entries)] as const)
    return new MemoryDocuments(now, new Map(containers))
  }

  async read<T>(collection: Collection<T>, key: DocumentKey): Promise<Versioned<T> | undefined> {
    const entry = this.#entry(collection, key)
    return entry && { document: collection.schema.parse(JSON.parse(entry.text)), etag: entry.etag }
  }

  async create<T>(collection: Collection<T>, document: T): Promise<{ etag: string } | undefined> {
    if (this.#entry(collection, collection.key(document))) return undefined
    return this.#write(collection, document)
  }

  async upsert<T>(collection: Collection<T>, document: T): Promise<{ etag: string }> {
    return this.#write(collection, document)
  }

  async replace<T>(collection: Collection<T>, document: T, etag: string): Promise<{ etag: string } | undefined> {
    const stored = this.#entry(collection, collection.key(document))
    return stored?.etag === etag ? this.#write(collection, document) : undefined
  }

  async remove<T>(collection: Collection<T>, key: DocumentKey, etag?: string): Promise<boolean> {
    const stored = this.#entry(collection, key)
    if (!stored || (etag !== undefined && stored.etag !== etag)) return false
    return this.#container(collection).delete(keyText(key))
  }

  async readAll<T>(collection: Collection<T>, keys: readonly DocumentKey[]): Promise<(Versioned<T> | undefined)[]> {
    return Promise.all(keys.map(key => this.read(collection, key)))
  }

  writeAll<T>(
    collection: Collection<T>,
    writes: readonly ConditionalWrite<NoInfer<T>>[],
  ): Promise<({ etag: string } | undefined)[]> {
    const written = writes.map(({ document, etag }) =>
      etag === undefined ? this.create(collection, document) : this.replace(collection, document, etag),
    )
    return Promise.all(written)
  }

  async *query<T>(collection: Collection<T>, conditions: QueryConditions<T>): AsyncIterable<T[]> {
    const { partition, equal = {}, changedSinceSeconds = 0, newestBy, inOrderOf, after } = conditions
    const { limit = Number.POSITIVE_INFINITY } = conditions
    const wanted = Object.entries(equal).filter(([, value]) => value !== undefined)
    const found: { raw: Record<string, unknown>; document: T }[] = []
    for (const entry of this.#container(collection).values()) {
      if (partition !== undefined && entry.partition !== partition) continue
      if (entry.writtenAtSeconds < changedSinceSeconds || !this.#isAlive(entry)) continue
      const raw: Record<string, unknown> = JSON.parse(entry.text)
      if (wanted.some(([field, value]) => raw[field] !== value)) continue
      if (inOrderOf !== undefined && after !== undefined && String(raw[inOrderOf]) <= after) continue
      found.push({ raw, document: collection.schema.parse(raw) })
    }
    if (inOrderOf) found.sort((a, b) => (String(a.raw[inOrderOf]) < String(b.raw[inOrderOf]) ? -1 : 1))
    if (newestBy) found.sort((a, b) => (String(a.raw[newestBy]) < String(b.raw[newestBy]) ? 1 : -1))
    yield found.slice(0, limit).map(({ document }) => document)
  }

  async *changes<T>(collection: Collection<T>, sinceSeconds: number): AsyncIterable<Change[]> {
    const entries = [...this.#container(collection)].filter(
      ([, entry]) => entry.writtenAtSeconds >= sinceSeconds && this.#isAlive(entry),
    )
    yield entries.map(([text, { partition, etag, writtenAtSeconds: second }]) => {
      return { key: { id: text.slice(partition.length + 1), partition }, etag, second }
    })
  }

  #entry<T>(collection: Collection<T>, key: DocumentKey): Entry | undefined {
    const entry = this.#container(collection).get(keyText(key))
    return entry && this.#isAlive(entry) ? entry : undefined
  }

  #isAlive({ goneAtSeconds }: Entry): boolean {
    return this.#now() / 1000 < goneAtSeconds
  }

  #container<T>(collection: Collection<T>): Map<string, Entry> {
    const existing = this.#containers.get(collection.container)
    if (existing) return existing
    const made = new Map<string, Entry>()
    this.#containers.set(collection.container, made)
    return made
  }

  #write<T>(collection: Collection<T>, document: T): { etag: string } {
    const key = collection.key(document)
    MemoryDocuments.#versions += 1
    const etag = `v${MemoryDocuments.#versions}`
    const writtenAtSeconds = Math.floor(this.#now() / 1000)
    const { ttl = Number.POSITIVE_INFINITY } = TimeToLive.parse(document)
    this.#container(collection).set(keyText(key), {
      text: JSON.stringify(document),
      etag,
      partition: key.partition,
      writtenAtSeconds,
      goneAtSeconds: writtenAtSeconds + ttl,
    })
    return { etag }
  }
}

function keyText({ id, partition }: { id: string; partition: string }): string {
  return `${partition}\n${id}`
}
