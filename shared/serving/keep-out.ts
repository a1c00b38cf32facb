import type { Item } from '../schemas/catalogue.ts'
import type { Placement } from '../schemas/placements.ts'
import type { AskedUser } from '../sources/source.ts'
import type { ListRequest } from './list-request.ts'
import type { Dropped } from './list-trace.ts'

/** Why an item may not be on this list at all, whoever proposes it; undefined when it may. */
export type KeepOut = (itemId: string) => Dropped | undefined

/** The rules that hold for every item of one list, made once a request. */
export function keepOut(of: {
  items: ReadonlyMap<string, Item>
  user: Pick<AskedUser, 'bought' | 'disliked'>
  placement: Placement
  request: ListRequest
}): KeepOut {
  const { items, user, placement, request } = of
  const own = new Set(request.placement === 'search' ? [] : request.items)
  const searched = request.placement === 'search' ? new Set(request.items) : undefined
  const blocked = new Set<string>(placement.blocked)
  const { category, brand, priceMin = 0, priceMax = Number.POSITIVE_INFINITY, isSeen } = request
  return itemId => {
    const item = items.get(itemId)
    if (!item) return { stage: 'unknown', detail: 'is not in the catalogue' }
    if (!item.in_stock) return { stage: 'stock', detail: 'is out of stock' }
    if (item.hidden) return { stage: 'hidden', detail: 'is hidden' }
    if (own.has(itemId)) return { stage: 'own', detail: 'is the item of the page or in the cart' }
    if (user.bought.has(itemId) && !placement.include_bought) {
      return { stage: 'bought', detail: 'was bought by the user' }
    }
    if (user.disliked.has(itemId)) return { stage: 'disliked', detail: 'has the user’s thumb down' }
    if (blocked.has(itemId)) return { stage: 'blocked', detail: `is blocked in the placement ${request.placement}` }
    if (searched && !searched.has(itemId)) return { stage: 'request', detail: 'was not found by the search' }
    if (category !== undefined && item.category !== category) {
      return { stage: 'request', detail: `its category is ${item.category}, not ${category}` }
    }
    if (brand !== undefined && item.brand !== brand) {
      return { stage: 'request', detail: `its brand is ${item.brand ?? 'unknown'}, not ${brand}` }
    }
    if (item.price < priceMin || item.price > priceMax) {
      return { stage: 'request', detail: `its price of ${item.price} is out of the range asked for` }
    }
    if (isSeen?.(itemId)) return { stage: 'seen', detail: 'was on an earlier page' }
    return undefined
  }
}
