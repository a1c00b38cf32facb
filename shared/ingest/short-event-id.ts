import type { Sha256 } from '../ports.ts'

export const shortEventIdLength = 6

/** 36 bits of the event id's hash: enough to know it again among some thousands, and short where bytes are paid for. */
export function shortEventId(eventId: string, sha256: Sha256): string {
  return Buffer.from(sha256(eventId).slice(0, 10), 'hex').toString('base64url').slice(0, shortEventIdLength)
}
