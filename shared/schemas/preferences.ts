import { z } from 'zod'
import { UserId } from './ids.ts'

const names = z.array(z.string().trim().min(1).max(200)).max(50)
const money = z.number().nonnegative()

const told = z.strictObject({
  categories: names.default([]),
  brands: names.default([]),
  tags: names.default([]),
  price_min: money.optional(),
  price_max: money.optional(),
})

/** What a user tells at onboarding (M12); it takes the place of what was told before. */
export const PreferencesBody = told.refine(
  ({ price_min: from = 0, price_max: to = Number.POSITIVE_INFINITY }) => from <= to,
  { path: ['price_max'], error: 'must not be below price_min' },
)

/** Cosmos `users`, id `preferences`. */
export const Preferences = told.extend({
  id: z.literal('preferences'),
  user_id: UserId,
  updated_at: z.iso.datetime(),
  /** Of a visitor: seconds after which Cosmos removes it. */
  ttl: z.int().positive().optional(),
})
export type Preferences = z.infer<typeof Preferences>

/** What is stored of a user's preferences; without any, empty lists and no time. */
export const PreferencesAnswer = told.extend({ user_id: z.string(), updated_at: z.string().nullable() })
