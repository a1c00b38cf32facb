import type { Role } from '../schemas/identity.ts'

/** Who asks, as far as the request proves it. */
export type Caller =
  | { kind: 'anonymous' }
  /** A program or a person of the shop: an Entra token's subject, or a service key. */
  | { kind: 'service'; id: string; name: string; roles: ReadonlySet<Role> }
  /** One shopper, or a visitor's session (`session:ID`), by a token of the shop. */
  | { kind: 'shopper'; userId: string; sessionId?: string | undefined }

export const anonymous: Caller = { kind: 'anonymous' }
