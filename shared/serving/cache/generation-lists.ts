import { bytesOf } from './bytes-of.ts'
import type { CacheCounts, CacheLimits, CountRead } from './cache-counts.ts'
import { Lru } from './lru.ts'

/** Values of the live generation by key, which never change while it is live; of each key, that of one generation. */
export class GenerationLists<Value> {
  readonly #held: Lru<{ generation: number; value: Value }>
  readonly #loading = new Map<string, Promise<Value>>()
  readonly #countRead: CountRead | undefined
  #counts = { hits: 0, misses: 0, coalesced: 0 }

  constructor(limits: CacheLimits) {
    this.#countRead = limits.countRead
    this.#held = new Lru({ ...limits, bytesOf: ({ value }) => bytesOf(value) })
  }

  async get(key: string, generation: number, load: () => Promise<Value>): Promise<Value> {
    const held = this.#held.get(key)
    if (held?.generation === generation) {
      this.#counts.hits += 1
      this.#countRead?.('hit')
      return held.value
    }
    this.#countRead?.('miss')
    const name = `${generation} ${key}`
    const underWay = this.#loading.get(name)
    if (underWay) {
      this.#counts.coalesced += 1
      return underWay
    }
    this.#counts.misses += 1
    const loading = load()
    this.#loading.set(name, loading)
    try {
      const value = await loading
      if (this.#loading.get(name) === loading) this.#held.set(key, { generation, value })
      return value
    } finally {
      if (this.#loading.get(name) === loading) this.#loading.delete(name)
    }
  }

  /** The value, where it is held. */
  atHand(key: string, generation: number): { readonly value: Value } | undefined {
    const held = this.#held.get(key)
    if (held?.generation !== generation) return undefined
    this.#counts.hits += 1
    return held
  }

  forget(key: string): void {
    this.#held.delete(key)
    // What is being read for others is not kept.
    for (const name of this.#loading.keys()) if (name.endsWith(` ${key}`)) this.#loading.delete(name)
  }

  clear(): void {
    this.#held.clear()
    this.#loading.clear()
  }

  get counts(): CacheCounts {
    const { size: entries, bytes, evictions } = this.#held
    return { ...this.#counts, evictions, entries, bytes }
  }
}
