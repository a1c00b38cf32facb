import { z } from 'zod'
import { Role } from './identity.ts'

export const serviceKeysMax = 100

const textRule = 'must be 1 to 100 characters'
const roleRule = 'must name one role or more'

/** A key as it is stored: its secret was shown once, and is known by its digest alone. */
export const ServiceKey = z.object({
  id: z.string(),
  name: z.string(),
  roles: z.array(Role),
  sha256: z.string(),
  last4: z.string(),
  created_at: z.iso.datetime(),
  expires_at: z.iso.datetime().nullable(),
})
export type ServiceKey = z.infer<typeof ServiceKey>

/** All keys in one document: a check reads one, whoever sends however many keys that are none. */
export const ServiceKeys = z.object({ id: z.literal('service_keys'), keys: z.array(ServiceKey).max(serviceKeysMax) })
export type ServiceKeys = z.infer<typeof ServiceKeys>

export const KeyBody = z.strictObject({
  name: z.string({ error: textRule }).trim().min(1, { error: textRule }).max(100, { error: textRule }),
  roles: z.array(Role, { error: roleRule }).min(1, { error: roleRule }).max(5),
  /** Without it, until it is taken back. */
  expires_at: z.iso.datetime({ offset: true, error: 'must be a time like 2027-01-01T00:00:00Z' }).optional(),
})
export const KeyPath = z.object({
  id: z.string().regex(/^[0-9a-f]{12}$/, { error: 'must be the id of a key: 12 hexadecimal digits' }),
})

export const KeyAnswer = ServiceKey.omit({ sha256: true })
export const KeyList = z.object({ items: z.array(KeyAnswer), next_cursor: z.null() })
/** The key itself is in this answer, and never again. */
export const NewKey = KeyAnswer.extend({ key: z.string() })
