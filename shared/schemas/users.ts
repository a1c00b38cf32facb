import { z } from 'zod'
import { Standing } from './catalogue.ts'
import { customerData } from './catalogue-change.ts'
import { UserId } from './ids.ts'
import { eventTypes } from './interaction.ts'
import { eitherId, hasOneId, oneIdRule, placeCursor } from './products.ts'
import { limit, name } from './requests.ts'

/** A customer's record, with what the lake makes of the orders as far as it knows any. */
export const UserAnswer = z.object({
  user_id: z.string(),
  country: z.string().nullable(),
  region: z.string().nullable(),
  birth_year: z.int().nullable(),
  segment: z
    .string()
    .nullable()
    .describe('champions, loyal, new, at risk, lost, others: by recency, frequency and money'),
  loyalty: z.string().nullable().describe('platinum, gold, silver, member: by the orders of the last year'),
  standing: Standing.nullable(),
})
export type UserAnswer = z.infer<typeof UserAnswer>
export const UserPage = z.object({ items: z.array(UserAnswer), next_cursor: z.string().nullable() })

export const UsersQuery = z.object({
  limit: limit.default(20),
  cursor: placeCursor,
  country: name.optional(),
  segment: name.optional().describe('champions, loyal, new, at risk, lost, others'),
})

const personal = z.string().trim().min(1).max(500)
const masked = 'Masked before it is stored, and shown to nobody'
/** What can be told of a customer: never is a value taken away, only another told. */
const told = {
  country: customerData.country.min(1).optional(),
  region: customerData.region.min(1).optional(),
  city: name.optional(),
  birth_date: customerData.birth_date.optional(),
  birth_year: customerData.birth_year.optional(),
  age: customerData.age.optional(),
  gender: z.string().min(1).max(50).optional(),
  signup_date: z.iso.date().optional(),
  loyalty_program: name.optional(),
  email: personal.optional().describe(masked),
  phone: personal.optional().describe(masked),
  name: personal.optional().describe(masked),
  first_name: personal.optional().describe(masked),
  last_name: personal.optional().describe(masked),
}
export const UserBody = z.strictObject(told)
export const NewUser = z.strictObject({ user_id: UserId, ...told })
export const UserPatch = z
  .strictObject(told)
  .refine(patch => Object.keys(patch).length > 0, { error: 'must tell at least one field' })

/** A change of a customer that is on its way: it is served within a second or two. */
export const AcceptedUserChange = z.object({
  change_id: z.string(),
  op: z.enum(['insert', 'update', 'delete']),
  user_id: z.string(),
  accepted_at: z.string(),
})

export const UserInteractionsQuery = z.object({
  limit: limit.default(20),
  cursor: placeCursor,
  event_type: z.enum(eventTypes, { error: `must be one of ${eventTypes.join(', ')}` }).optional(),
})
export const UserInteractions = z.object({
  items: z.array(
    z.object({
      item_id: z.string(),
      name: z.string().nullable(),
      event_type: z.string(),
      ts: z.string(),
      value: z.number().nullable().describe('Of ratings and feedback'),
    }),
  ),
  next_cursor: z.string().nullable(),
})

export const FeedbackBody = z
  .strictObject({
    ...eitherId,
    value: z.enum(['up', 'down'], { error: 'must be up or down' }),
    recommendation_id: z.string().min(1).max(128).optional().describe('The list that showed it'),
  })
  .refine(hasOneId, oneIdRule)
