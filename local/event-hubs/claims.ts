import type { Right } from './policy.ts'
import { isWithin } from './sas.ts'

interface Claim {
  expiresMs: number
  rights: readonly Right[]
}

/** What one connection has proved it may do, where and until when. */
export class Claims {
  private readonly byPath = new Map<string, Claim>()

  /** A later token for the same path replaces the one before. */
  grant(path: string, claim: Claim): void {
    this.byPath.set(path, claim)
  }

  /** Whether one of the rights is held for the path. */
  allow(path: string, anyOf: readonly Right[], nowMs: number): boolean {
    for (const [granted, { expiresMs, rights }] of this.byPath) {
      if (expiresMs > nowMs && isWithin(path, granted) && anyOf.some(right => rights.includes(right))) return true
    }
    return false
  }
}
