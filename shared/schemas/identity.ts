import { z } from 'zod'

/**
 * What a caller may do, as Entra app roles and service keys name it. `admin` includes reader, writer and operator; `privacy`
 * stands alone, as who may erase people need not be who runs the shop.
 */
export const roles = ['reader', 'writer', 'operator', 'admin', 'privacy'] as const
export const Role = z.enum(roles, { error: `must be one of ${roles.join(', ')}` })
export type Role = z.infer<typeof Role>
