import type { Clock } from '../../ports.ts'
import type { CacheCounts, CacheLimits, CountRead } from './cache-counts.ts'

/** Something that was made, and how long it stands. */
export interface Kept<Made> {
  made: Made
  /** Until then it may be given again, ms since 1970 … */
  until: number
  /** … while everything that it was made from is as it was. */
  holds: () => boolean
  /** Whom it is about: it is forgotten with them. */
  users: readonly string[]
  /** About how much memory it takes. */
  bytes: number
}

/** What was made last, by key and in the order in which it was made. */
export class MadeLists<Made> {
  readonly #clock: Clock
  readonly #limits: CacheLimits
  readonly #countRead: CountRead | undefined
  readonly #made = new Map<string, Kept<Made>>()
  readonly #making = new Map<string, Promise<Made>>()
  #bytes = 0
  /** How often anything was forgotten. */
  #forgotten = 0
  #counts = { hits: 0, misses: 0, evictions: 0 }

  constructor({ clock, countRead, ...limits }: CacheLimits & { clock: Clock; countRead?: CountRead }) {
    this.#countRead = countRead
    this.#clock = clock
    this.#limits = limits
  }

  /** What still stands; waits for nothing. */
  get(key: string): Made | undefined {
    const kept = this.#made.get(key)
    if (!kept || !this.#isYoung(kept) || !kept.holds()) return undefined
    this.#counts.hits += 1
    this.#countRead?.('hit')
    return kept.made
  }

  /**
   * Makes it, for one of all who ask while it is made: the others wait, and take it where it stands by then. As nobody can
   * take what began to be made before it was asked for, each looks for what changed up to its own moment. What is forgotten while
   * it is made is not kept.
   */
  async make(key: string, make: (keep: (kept: Kept<Made>) => void) => Promise<Made>): Promise<Made> {
    const underWay = this.#making.get(key)
    if (underWay) {
      // Why it was not made is told to who makes it; this one tries itself.
      await underWay.catch(() => undefined)
      const made = this.get(key)
      if (made) return made
    }
    this.#counts.misses += 1
    this.#countRead?.('miss')
    const forgotten = this.#forgotten
    const making = make(kept => {
      if (this.#forgotten === forgotten) this.#keep(key, kept)
    })
    this.#making.set(key, making)
    try {
      return await making
    } finally {
      if (this.#making.get(key) === making) this.#making.delete(key)
    }
  }

  /** 0 to n - 1, in turn. */
  turn(n: number): number {
    return this.#counts.misses % n
  }

  forget(userId: string): void {
    this.#forgotten += 1
    for (const [key, { users }] of this.#made) if (users.includes(userId)) this.#delete(key)
  }

  clear(): void {
    this.#forgotten += 1
    this.#made.clear()
    this.#bytes = 0
  }

  get counts(): Omit<CacheCounts, 'bytes' | 'coalesced'> {
    return { ...this.#counts, entries: this.#made.size }
  }

  #keep(key: string, kept: Kept<Made>): void {
    this.#delete(key)
    this.#made.set(key, kept)
    this.#bytes += kept.bytes
    const { entriesMax, bytesMax } = this.#limits
    // The oldest come first.
    for (const [oldest, each] of this.#made) {
      if (this.#isYoung(each) && this.#made.size <= entriesMax && this.#bytes <= bytesMax) break
      this.#delete(oldest)
      this.#counts.evictions += 1
    }
  }

  #delete(key: string): void {
    this.#bytes -= this.#made.get(key)?.bytes ?? 0
    this.#made.delete(key)
  }

  #isYoung({ until }: Kept<Made>): boolean {
    return this.#clock() < until
  }
}
