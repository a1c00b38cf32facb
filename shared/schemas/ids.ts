import { z } from 'zod'

// Cosmos refuses '/', '\', '?' and '#' in a document id, and ids travel in URL paths: both are refused at the edge,
// where the sender can still be told.
const idPattern = /^[^/\\?#\p{Cc}]+$/u
const idRule = 'must be 1 to 128 characters without / \\ ? # or control characters'

const id = () =>
  z.string({ error: idRule }).min(1, { error: idRule }).max(128, { error: idRule }).regex(idPattern, {
    error: idRule,
  })

/** The shop's own name of a shopper. Never a row number: that is `user`. */
export const UserId = id().brand<'UserId'>()
export type UserId = z.infer<typeof UserId>

/** The catalogue's key of a product. Never a row number: that is `item`. */
export const ItemId = id().brand<'ItemId'>()
export type ItemId = z.infer<typeof ItemId>
