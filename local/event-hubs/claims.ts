import { isWithin } from './sas.ts'

/** What one connection has proved it may use, until when. */
export class Claims {
  private readonly expiresMs = new Map<string, number>()

  grant(path: string, expiresMs: number): void {
    this.expiresMs.set(path, expiresMs)
  }

  allow(path: string, nowMs = Date.now()): boolean {
    for (const [granted, expiresMs] of this.expiresMs) {
      if (expiresMs > nowMs && isWithin(path, granted)) return true
    }
    return false
  }
}
