import { z } from 'zod'
import { UserId } from './ids.ts'

const told = z.strictObject({
  /** Whether lists may go by what is known of the person. */
  personalization: z.boolean({ error: 'must be true or false' }),
  /** Whether what the person does may be kept. */
  tracking: z.boolean({ error: 'must be true or false' }),
})

/** What a person allows; it takes the place of what was told before. */
export const ConsentBody = told

/** Cosmos `users`, id `consent`. Who never told allows both. */
export const Consent = told.extend({
  id: z.literal('consent'),
  user_id: UserId,
  updated_at: z.iso.datetime(),
  /** Of a visitor: seconds after which Cosmos removes it. */
  ttl: z.int().positive().optional(),
})
export type Consent = z.infer<typeof Consent>

/** What holds of a person; without anything told, both are allowed and there is no time. */
export const ConsentAnswer = told.extend({ user_id: z.string(), updated_at: z.string().nullable() })
