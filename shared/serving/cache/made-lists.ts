import type { Clock } from '../../ports.ts'
import type { CacheCounts, CountRead } from './cache-counts.ts'

/** Something that was made, and how long it stands. */
export interface Kept<Made> {
  made: Made
  /** Until then it may be given again, ms since 1970 … */
  until: number
  /** … while everything that it was made from is as it was. */
  holds: () => boolean
  /** Whom it is about: it is forgotten with them. */
  users: readonly string[]
}

/** What was made last, by key and in the order in which it was made. */
export class MadeLists<Made> {
  readonly #clock: Clock
  readonly #entriesMax: number
  readonly #countRead: CountRead | undefined
  readonly #made = new Map<string, Kept<Made>>()
  readonly #making = new Map<string, Promise<Made>>()
  #counts = { hits: 0, misses: 0, evictions: 0 }

  constructor({ clock, entriesMax, countRead }: { clock: Clock; entriesMax: number; countRead?: CountRead }) {
    this.#countRead = countRead
    this.#clock = clock
    this.#entriesMax = entriesMax
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
   * take what began to be made before it was asked for, each looks for what changed up to its own moment.
   */
  async make(key: string, make: () => Promise<Made>): Promise<Made> {
    const underWay = this.#making.get(key)
    if (underWay) {
      // Why it was not made is told to who makes it; this one tries itself.
      await underWay.catch(() => undefined)
      const made = this.get(key)
      if (made) return made
    }
    this.#counts.misses += 1
    this.#countRead?.('miss')
    const making = make()
    this.#making.set(key, making)
    try {
      return await making
    } finally {
      if (this.#making.get(key) === making) this.#making.delete(key)
    }
  }

  keep(key: string, kept: Kept<Made>): void {
    this.#made.delete(key)
    this.#made.set(key, kept)
    // The oldest come first.
    for (const [oldest, each] of this.#made) {
      if (this.#isYoung(each) && this.#made.size <= this.#entriesMax) break
      this.#made.delete(oldest)
      this.#counts.evictions += 1
    }
  }

  /** 0 to n - 1, in turn. */
  turn(n: number): number {
    return this.#counts.misses % n
  }

  forget(userId: string): void {
    for (const [key, { users }] of this.#made) if (users.includes(userId)) this.#made.delete(key)
  }

  clear(): void {
    this.#made.clear()
  }

  get counts(): Omit<CacheCounts, 'bytes' | 'coalesced'> {
    return { ...this.#counts, entries: this.#made.size }
  }

  #isYoung({ until }: Kept<Made>): boolean {
    return this.#clock() < until
  }
}
