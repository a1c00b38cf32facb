import { z } from 'zod'
import { UserId } from './ids.ts'
import { ScoredItem } from './published.ts'

/** Cosmos `users`, id `fresh_list`: a user's list by the live model, made when the user did something that matters (M23). */
export const FreshList = z.object({
  id: z.literal('fresh_list'),
  user_id: UserId,
  /** The generation whose model it was made by. */
  generation: z.int().positive(),
  /** Second of the user's newest event in it. */
  as_of: z.int(),
  /** Best first, without what the user has; whether it can be bought is seen to when it is read. */
  items: z.array(ScoredItem),
  /** Seconds from the last write after which Cosmos removes it. */
  ttl: z.int().positive(),
})
export type FreshList = z.infer<typeof FreshList>
