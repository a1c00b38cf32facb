import type { Clock } from '../../ports.ts'
import type { Identity } from '../../schemas/identity.ts'

const tokensMax = 5_000
/** A key that its issuer withdraws opens nothing after this, whatever was verified by it before. */
const rememberedMsMax = 300_000

/** Who tokens were found to be of, by their digests: a signature costs a hundred times what looking it up does. */
export class VerifiedTokens {
  readonly #clock: Clock
  /** In order of their last use. */
  readonly #known = new Map<string, { identity: Identity; untilMs: number }>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get(digest: string): Identity | undefined {
    const found = this.#known.get(digest)
    if (!found) return undefined
    this.#known.delete(digest)
    if (this.#clock() >= found.untilMs) return undefined
    this.#known.set(digest, found)
    return found.identity
  }

  set(digest: string, identity: Identity, expiresAtMs: number): void {
    const untilMs = Math.min(expiresAtMs, this.#clock() + rememberedMsMax)
    this.#known.set(digest, { identity, untilMs })
    if (this.#known.size <= tokensMax) return
    for (const oldest of this.#known.keys()) {
      this.#known.delete(oldest)
      return
    }
  }
}
