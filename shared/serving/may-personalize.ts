import { guestId } from '../schemas/ids.ts'
import type { ListRequest } from './list-request.ts'
import type { Shop } from './shop.ts'

/**
 * Whether a list may go by what is known of those it is for: not when the user or the session opted out, and not when one was
 * erased. Of who is neither, anything may be used that is known.
 */
export async function mayPersonalize(
  { userId, sessionId }: Pick<ListRequest, 'userId' | 'sessionId'>,
  shop: Pick<Shop, 'consent' | 'isErased'>,
): Promise<boolean> {
  const visitor = sessionId === undefined ? undefined : guestId(sessionId)
  const ids = new Set([userId, visitor].filter(id => id !== undefined))
  const allowed = [...ids].map(async id => {
    const [consent, isErased] = await Promise.all([shop.consent(id), shop.isErased(id)])
    return !isErased && consent?.personalization !== false
  })
  return (await Promise.all(allowed)).every(Boolean)
}
