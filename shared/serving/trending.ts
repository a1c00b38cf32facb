import type { ListRequest, Recommendation } from './candidate.ts'
import { fillList } from './fill-list.ts'
import { popularItems } from './popular.ts'
import type { Shop } from './shop.ts'

/** What the shop, or the category asked for, is after now. */
export async function trendingItems(request: ListRequest, shop: Shop): Promise<Recommendation[]> {
  const { category } = request
  const rung = category === undefined ? 'trending' : 'category'
  return fillList(request, [{ rung, candidates: () => popularItems(shop, category) }], {
    catalogue: await shop.catalogue(),
    excluded: new Set(),
  })
}
