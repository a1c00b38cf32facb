import type { Receiver, Sender } from 'rhea'
import { expiredToken } from './amqp-error.ts'
import type { Claims } from './claims.ts'
import type { Right } from './policy.ts'

interface GuardedLink {
  link: Sender | Receiver
  path: string
  right: Right
}

// setTimeout takes no more; a token that lives longer is looked at again then.
const timerMsMax = 2 ** 31 - 1

/** Closes the links of one connection whose token expired and was not renewed. */
export class LinkGuard {
  private readonly links = new Set<GuardedLink>()
  private readonly timers = new Set<NodeJS.Timeout>()
  private readonly claims: Claims
  private readonly now: () => number

  constructor(claims: Claims, now: () => number) {
    this.claims = claims
    this.now = now
  }

  /** Watches a link until it is removed again. */
  add(guarded: GuardedLink): () => void {
    this.links.add(guarded)
    return () => this.links.delete(guarded)
  }

  /** To be called for every token: looks at the links once it has expired. */
  expireAt(expiresMs: number): void {
    const timer = setTimeout(
      () => {
        this.timers.delete(timer)
        if (this.now() < expiresMs) this.expireAt(expiresMs)
        else this.closeExpired(expiresMs)
      },
      Math.min(Math.max(expiresMs - this.now(), 0), timerMsMax),
    )
    this.timers.add(timer)
  }

  stop(): void {
    for (const timer of this.timers) clearTimeout(timer)
  }

  private closeExpired(expiresMs: number): void {
    for (const guarded of this.links) {
      const { link, path, right } = guarded
      if (this.claims.allow(path, [right], this.now())) continue
      this.links.delete(guarded)
      link.close(expiredToken(expiresMs))
    }
  }
}
