const atOnceMax = 8

/**
 * Lets as many requests through at once as a container takes: one more after each round without a refusal, half as many
 * after a refusal, and none before the time is over that the refusal asked for. All callers of one container share it, so
 * that a throttled container is not hammered by those who were not refused themselves.
 */
export class RequestGate {
  #atOnce = 4
  #inFlight = 0
  #closedUntil = 0
  readonly #waiting: (() => void)[] = []
  readonly #clock: () => number
  readonly #sleep: (ms: number) => Promise<void>

  constructor(clock: () => number, sleep: (ms: number) => Promise<void>) {
    this.#clock = clock
    this.#sleep = sleep
  }

  get atOnce(): number {
    return Math.floor(this.#atOnce)
  }

  /** Sends a request when there is room; it tells how long it was asked to wait, 0 when nothing was refused. */
  async pass<T>(request: () => Promise<{ answer: T; refusedForMs: number }>): Promise<T> {
    await this.#enter()
    let refusedForMs = 0
    try {
      const outcome = await request()
      refusedForMs = outcome.refusedForMs
      return outcome.answer
    } finally {
      this.#leave(refusedForMs)
    }
  }

  async #enter(): Promise<void> {
    while (this.#inFlight >= this.atOnce) await new Promise<void>(resolve => this.#waiting.push(resolve))
    this.#inFlight += 1
    for (let waitMs = this.#closedUntil - this.#clock(); waitMs > 0; waitMs = this.#closedUntil - this.#clock())
      await this.#sleep(waitMs)
  }

  #leave(refusedForMs: number): void {
    this.#inFlight -= 1
    if (refusedForMs > 0) {
      const now = this.#clock()
      // Requests that were in flight together are refused together: they count once.
      if (now >= this.#closedUntil) this.#atOnce = Math.max(1, this.#atOnce / 2)
      this.#closedUntil = Math.max(this.#closedUntil, now + refusedForMs)
    } else {
      this.#atOnce = Math.min(atOnceMax, this.#atOnce + 1 / this.#atOnce)
    }
    for (const resume of this.#waiting.splice(0, this.atOnce - this.#inFlight)) resume()
  }
}
