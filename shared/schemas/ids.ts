import { z } from 'zod'

// Cosmos refuses '/', '\', '?' and '#' in a document id, and ids travel in URL paths: both are refused at the edge,
// where the sender can still be told.
// Half a character (Cs: a surrogate alone) has no percent-encoding at all.
const idPattern = /^[^/\\?#\p{Cc}\p{Cs}]+$/u
const idRule = 'must be 1 to 128 characters without / \\ ? # or control characters'

const id = (rule = idRule) =>
  z.string({ error: rule }).min(1, { error: rule }).max(128, { error: rule }).regex(idPattern, { error: rule })

/** The shop's own name of a shopper. Never a row number: that is `user`. */
export const UserId = id().brand<'UserId'>()
export type UserId = z.infer<typeof UserId>

/** Of an event, which may leave it to the session. */
export const EventUserId = id(`${idRule}; without it, session_id must be such, of up to 120`).brand<'UserId'>()

/** The catalogue's key of a product. Never a row number: that is `item`. */
export const ItemId = id().brand<'ItemId'>()
export type ItemId = z.infer<typeof ItemId>

export const guestPrefix = 'session:'

/** A visitor nobody knows yet, as a user of a name of their own: events, profile and lists of a session without a login. */
export const guestId = (sessionId: string): string => `${guestPrefix}${sessionId}`
export const isGuest = (userId: string): boolean => userId.startsWith(guestPrefix)
/** The session a visitor is known by; undefined of a user with a name. */
export const guestSession = (userId: string): string | undefined =>
  isGuest(userId) ? userId.slice(guestPrefix.length) : undefined
