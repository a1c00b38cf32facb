export interface LruLimits<Value> {
  entriesMax: number
  bytesMax: number
  /** Of one value, about. */
  bytesOf: (value: Value) => number
}

/** The values used last, within a number of entries and of bytes; what alone is larger than all of it is not kept. */
export class Lru<Value> {
  readonly #held = new Map<string, { value: Value; bytes: number }>()
  readonly #limits: LruLimits<Value>
  #bytes = 0
  #evictions = 0

  constructor(limits: LruLimits<Value>) {
    this.#limits = limits
  }

  get size(): number {
    return this.#held.size
  }

  get bytes(): number {
    return this.#bytes
  }

  /** Values that gave way to others since the beginning. */
  get evictions(): number {
    return this.#evictions
  }

  /** The value, which counts as used. */
  get(key: string): Value | undefined {
    const found = this.#held.get(key)
    if (!found) return undefined
    this.#held.delete(key)
    this.#held.set(key, found)
    return found.value
  }

  /** The value, as if nobody had looked. */
  peek(key: string): Value | undefined {
    return this.#held.get(key)?.value
  }

  set(key: string, value: Value): void {
    this.delete(key)
    const bytes = this.#limits.bytesOf(value)
    this.#held.set(key, { value, bytes })
    this.#bytes += bytes
    while (this.#held.size > this.#limits.entriesMax || this.#bytes > this.#limits.bytesMax) {
      const [oldest] = this.#held.keys()
      if (oldest === undefined) break
      this.delete(oldest)
      this.#evictions += 1
    }
  }

  delete(key: string): boolean {
    const found = this.#held.get(key)
    if (!found) return false
    this.#bytes -= found.bytes
    return this.#held.delete(key)
  }

  clear(): void {
    this.#held.clear()
    this.#bytes = 0
  }
}
