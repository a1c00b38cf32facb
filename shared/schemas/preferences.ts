import { z } from 'zod'
import { UserId } from './ids.ts'

const names = z.array(z.string().trim().min(1).max(200)).max(50)
const money = z.number().nonnegative()

/** What a user told at onboarding (M12). */
export const PreferencesBody = z.strictObject({
  categories: names.default([]),
  brands: names.default([]),
  tags: names.default([]),
  price_min: money.optional(),
  price_max: money.optional(),
})

/** Cosmos `users`, id `preferences`. */
export const Preferences = PreferencesBody.extend({
  id: z.literal('preferences'),
  user_id: UserId,
  updated_at: z.iso.datetime(),
})
export type Preferences = z.infer<typeof Preferences>
