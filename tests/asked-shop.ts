import type { EventType } from '../shared/schemas/interaction.ts'
import { eventTypes } from '../shared/schemas/interaction.ts'
import type { Preferences } from '../shared/schemas/preferences.ts'
import type { RecentEvent } from '../shared/schemas/profile.ts'
import type { UserListsValue } from '../shared/schemas/published.ts'
import type { Ask } from '../shared/sources/source.ts'
import { published, type ShopByHand } from './served-shop.ts'

/** What a user did in which second after the lists were made. */
type Did = [itemId: string, type: EventType, second: number, value?: number]

/** What sources are asked at a shop put together by hand, by a visitor nothing is known of unless told otherwise. */
export async function asking(
  { shop }: ShopByHand,
  of: {
    userId?: string
    did?: readonly Did[]
    lists?: Partial<UserListsValue>
    preferences?: Partial<Preferences>
    bought?: string[]
    seeds?: string[]
    unwanted?: string[]
    n?: number
    nowMs?: number
  } = {},
): Promise<Ask> {
  const { userId, did = [], lists, preferences, seeds = [], unwanted = [], bought = [] } = of
  const live = await shop.live()
  const { items } = await shop.catalogue()
  const nobody = { id: 'preferences', user_id: 'u', updated_at: '', categories: [], brands: [], tags: [] }
  if (live) shop.model(live)
  await shop.modelSettled()
  return {
    reads: shop,
    ...{ live, items, seeds, category: undefined, n: of.n ?? 10, nowMs: of.nowMs ?? published, seed: 'seed' },
    user: {
      ...{ userId, profile: undefined, bought: new Set(bought), disliked: new Set() },
      lists: lists && { items: [], purchases: [], ...lists },
      preferences: preferences && ({ ...nobody, ...preferences } as Preferences),
      recent: did.map(([itemId, type, second, value], place): RecentEvent => {
        return [itemId, eventTypes.indexOf(type), published / 1000 + second, `id${place}`, value]
      }),
    },
    isWanted: (itemId, { buyAgain } = { buyAgain: false }) =>
      items.has(itemId) && !unwanted.includes(itemId) && (buyAgain || !bought.includes(itemId)),
  }
}
