import type { Clock } from '../../ports.ts'
import type { CacheCounts } from './cache-counts.ts'

export interface MadeListsOptions {
  /** So long a list may stand though nothing it was made from has changed: time alone moves it, slowly. */
  ttlMs: number
  entriesMax: number
  clock: Clock
}

/** What was made last, by key and in the order in which it was made: found while it is young and its finder says that it holds. */
export class MadeLists<Made extends { at: number }> {
  readonly #options: MadeListsOptions
  readonly #made = new Map<string, Made>()
  #counts = { hits: 0, misses: 0, evictions: 0 }

  constructor(options: MadeListsOptions) {
    this.#options = options
  }

  /** What is young enough and, when looked at, still holds. */
  async get(key: string, holds: (made: Made) => Promise<boolean>): Promise<Made | undefined> {
    const made = this.#made.get(key)
    const found = made && this.#isYoung(made) && (await holds(made)) ? made : undefined
    this.#counts[found ? 'hits' : 'misses'] += 1
    return found
  }

  set(key: string, made: Made): void {
    this.#made.delete(key)
    this.#made.set(key, made)
    // The oldest come first: what is past its time goes, as it holds on to the catalogue it was made from.
    for (const [oldest, each] of this.#made) {
      if (this.#isYoung(each) && this.#made.size <= this.#options.entriesMax) break
      this.#made.delete(oldest)
      this.#counts.evictions += 1
    }
  }

  clear(): void {
    this.#made.clear()
  }

  get counts(): Omit<CacheCounts, 'bytes' | 'coalesced'> {
    return { ...this.#counts, entries: this.#made.size }
  }

  #isYoung({ at }: Made): boolean {
    return this.#options.clock() - at < this.#options.ttlMs
  }
}
