import type { Clock } from '../../ports.ts'

interface Bucket {
  tokens: number
  atMs: number
}

/** What a caller may still ask for. */
export interface Quota {
  isSpent: boolean
  remaining: number
  /** Until all of it is there again, */
  resetSeconds: number
  /** and until the next one may be asked. */
  retrySeconds: number
}

/**
 * A bucket of tokens for each name, filled evenly: no name gets more than `quota` in an instant, nor more than that in
 * `windowSeconds` for long. The least recently used are forgotten, that is full again, when there are more than `bucketsMax`.
 */
export class TokenBuckets {
  readonly quota: number
  readonly windowSeconds: number
  readonly #bucketsMax: number
  readonly #tokensPerMs: number
  readonly #clock: Clock
  /** Least recently used first. */
  readonly #buckets = new Map<string, Bucket>()

  constructor(of: { perSecond: number; windowSeconds: number; bucketsMax: number; clock: Clock }) {
    this.quota = Math.max(1, Math.floor(of.perSecond * of.windowSeconds))
    this.windowSeconds = of.windowSeconds
    this.#bucketsMax = of.bucketsMax
    this.#tokensPerMs = of.perSecond / 1000
    this.#clock = of.clock
  }

  get size(): number {
    return this.#buckets.size
  }

  /** Takes a token unless there is none. */
  take(name: string): Quota {
    const bucket = this.#filled(name)
    const isSpent = bucket.tokens < 1
    if (!isSpent) bucket.tokens -= 1
    return this.#quotaOf(bucket, isSpent)
  }

  /** The same without taking one. */
  look(name: string): Quota {
    const bucket = this.#filled(name)
    return this.#quotaOf(bucket, bucket.tokens < 1)
  }

  #filled(name: string): Bucket {
    const atMs = this.#clock()
    const bucket = this.#buckets.get(name) ?? { tokens: this.quota, atMs }
    // A clock that was set back gives nothing and takes nothing.
    const passedMs = Math.max(0, atMs - bucket.atMs)
    bucket.tokens = Math.min(this.quota, bucket.tokens + passedMs * this.#tokensPerMs)
    bucket.atMs = atMs
    this.#buckets.delete(name)
    this.#buckets.set(name, bucket)
    if (this.#buckets.size > this.#bucketsMax) this.#forgetOldest()
    return bucket
  }

  #forgetOldest(): void {
    for (const oldest of this.#buckets.keys()) {
      this.#buckets.delete(oldest)
      return
    }
  }

  #quotaOf({ tokens }: Bucket, isSpent: boolean): Quota {
    const secondsFor = (count: number) => Math.max(0, Math.ceil(count / this.#tokensPerMs / 1000))
    return {
      isSpent,
      remaining: Math.floor(tokens),
      resetSeconds: secondsFor(this.quota - tokens),
      retrySeconds: Math.max(1, secondsFor(1 - tokens)),
    }
  }
}
