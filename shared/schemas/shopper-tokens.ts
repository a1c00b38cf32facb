import { z } from 'zod'
import { UserId } from './ids.ts'
import { SessionId } from './requests.ts'

const secondsRule = 'must be a whole number from 60 to 86400'

/** Whom a token is for: a user, a visitor's session, or a user with the session they came by. */
export const ShopperTokenBody = z
  .strictObject({
    user_id: UserId.optional(),
    session_id: SessionId.optional(),
    seconds: z
      .int({ error: secondsRule })
      .min(60, { error: secondsRule })
      .max(86_400, { error: secondsRule })
      .default(3600),
  })
  .refine(({ user_id: user, session_id: session }) => user !== undefined || session !== undefined, {
    path: ['user_id'],
    error: 'or session_id must say whom the token is for',
  })

export const ShopperToken = z.object({
  token: z.string(),
  user_id: z.string(),
  session_id: z.string().nullable(),
  expires_at: z.iso.datetime(),
})
