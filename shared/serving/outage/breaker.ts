import type { Clock } from '../../ports.ts'
import { unavailable } from './within.ts'

/** So many failures in a row, or such a share of the last calls, and it is not asked any more … */
const failuresInARow = 5
const lastCalls = 20
const callsMin = 10
const failedShare = 0.5
/** … for so long; then one call tries whether it is back. */
const openMs = 1_000

export interface BreakerOptions {
  /** Like `users`. */
  dependency: string
  clock: Clock
  /** Told once when it opens, with what failed last, and once when it closes. */
  onChange: (change: { open: boolean; failed: number; cause: unknown }) => void
  /** Whether an error says that the dependency fails; one that does not is an answer like any other. */
  isFailure: (cause: unknown) => boolean
}

/**
 * Stands before a dependency: while that fails it is not asked, so that nobody waits for what does not come and what is
 * overloaded gets air.
 */
export class Breaker {
  readonly #options: BreakerOptions
  /** Of the last calls, the newest last: whether each failed. */
  #outcomes: boolean[] = []
  #openedAt: number | undefined
  #probing = false
  #failed = 0
  #answered = false

  constructor(options: BreakerOptions) {
    this.#options = options
  }

  /** Whether the dependency answered or failed at least once: before, nobody knows how long it takes. */
  get isKnown(): boolean {
    return this.#answered || this.#failed > 0
  }

  get isOpen(): boolean {
    return this.#openedAt !== undefined
  }

  /** Calls that failed since the beginning; those that were not made do not count. */
  get failed(): number {
    return this.#failed
  }

  /** @throws AppError `unavailable` without calling, while open; else what the call throws */
  async run<T>(call: () => Promise<T>): Promise<T> {
    const isProbe = this.#enter()
    try {
      const answer = await call()
      this.#succeeded()
      return answer
    } catch (cause) {
      if (this.#options.isFailure(cause)) this.#fail(cause)
      else this.#succeeded()
      throw cause
    } finally {
      if (isProbe) this.#probing = false
    }
  }

  /** Tells whether the call is the one that tries. */
  #enter(): boolean {
    if (this.#openedAt === undefined) return false
    const waits = this.#options.clock() - this.#openedAt < openMs
    if (waits || this.#probing) {
      throw unavailable(`${this.#options.dependency} does not answer at the moment`)
    }
    this.#probing = true
    return true
  }

  #succeeded(): void {
    this.#answered = true
    this.#remember(false)
    if (this.#openedAt === undefined) return
    this.#openedAt = undefined
    this.#outcomes = []
    this.#options.onChange({ open: false, failed: this.#failed, cause: undefined })
  }

  #fail(cause: unknown): void {
    this.#failed += 1
    this.#remember(true)
    const wasOpen = this.isOpen
    if (!wasOpen && !this.#isBroken()) return
    this.#openedAt = this.#options.clock()
    if (!wasOpen) this.#options.onChange({ open: true, failed: this.#failed, cause })
  }

  #remember(failed: boolean): void {
    this.#outcomes.push(failed)
    if (this.#outcomes.length > lastCalls) this.#outcomes.shift()
  }

  #isBroken(): boolean {
    const outcomes = this.#outcomes
    if (outcomes.slice(-failuresInARow).filter(Boolean).length === failuresInARow) return true
    const failures = outcomes.filter(Boolean).length
    return outcomes.length >= callsMin && failures >= failedShare * outcomes.length
  }
}
