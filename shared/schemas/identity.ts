import { z } from 'zod'

/**
 * What a caller may do, as Entra app roles and service keys name it. `admin` includes reader, writer and operator; `privacy`
 * stands alone, as who may erase people need not be who runs the shop.
 */
export const roles = ['reader', 'writer', 'operator', 'admin', 'privacy'] as const
export const Role = z.enum(roles, { error: `must be one of ${roles.join(', ')}` })
export type Role = z.infer<typeof Role>

/** Who a token or a key proves to be there. */
export type Identity =
  /** A program or a person of the shop: an Entra token's subject, or a service key. */
  { kind: 'service'; id: string; name: string; roles: ReadonlySet<Role> } | Shopper

/** One shopper, or a visitor's session (`session:ID`), by a token of the shop. */
export interface Shopper {
  kind: 'shopper'
  userId: string
  sessionId?: string | undefined
}
