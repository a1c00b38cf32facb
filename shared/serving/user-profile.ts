import type { Documents } from '../ports.ts'
import type { Customer } from '../schemas/catalogue.ts'
import { collections } from '../schemas/collections.ts'
import { AppError } from '../schemas/errors.ts'
import type { Profile } from '../schemas/profile.ts'
import type { UserListsValue } from '../schemas/published.ts'
import type { Shop } from './shop.ts'

export interface KnownUser {
  customer: Customer | undefined
  profile: Profile | undefined
  lists: UserListsValue | undefined
}

/** All that is kept of a user. @throws AppError `unknown_user` when that is nothing */
export async function knownUser(userId: string, shop: Shop, documents: Documents): Promise<KnownUser> {
  const [live, isErased] = await Promise.all([shop.live(), shop.isErased(userId)])
  if (isErased) throw unknownUser(userId)
  const [stored, profile, lists] = await Promise.all([
    documents.read(collections.customers, { id: 'customer', partition: userId }),
    shop.profile(userId),
    live ? shop.userLists(userId, live.generation) : undefined,
  ])
  const customer = stored?.document.deleted ? undefined : stored?.document
  if (customer || profile || lists) return { customer, profile, lists }
  throw unknownUser(userId)
}

export function unknownUser(userId: string): AppError {
  const reason = 'is not known'
  return new AppError(
    'unknown_user',
    `Nothing is known of the user ${userId}: no events, no orders, no customer record`,
    [{ code: 'unknown', field: 'user_id', value: userId, reason }],
  )
}
