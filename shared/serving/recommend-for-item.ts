import type { Item } from '../schemas/catalogue.ts'
import { AppError } from '../schemas/errors.ts'
import type { ListRequest, Recommendation } from './candidate.ts'
import { fillList } from './fill-list.ts'
import { hybridNeighbours } from './neighbours-of-recent.ts'
import { popularItems } from './popular.ts'
import type { Shop } from './shop.ts'

/** Which neighbours to list: by ALS factors, by co-purchase, or both mixed. */
export type NeighbourKind = 'als' | 'copurchase' | 'hybrid'

/**
 * Items that go with an item; the ladder goes on with what is popular in its category, then trending.
 * @throws AppError `unknown_item`
 */
export async function recommendForItem(
  itemId: string,
  request: ListRequest & { kind: NeighbourKind },
  shop: Shop,
): Promise<Recommendation[]> {
  const [catalogue, live, item] = await Promise.all([shop.catalogue(), shop.live(), knownItem(itemId, shop)])
  const category = request.category ?? item.category
  return fillList(
    request,
    [
      {
        rung: 'similar',
        candidates: async () => {
          const lists = live && (await shop.neighbours(itemId, live.generation))
          const { kind } = request
          const found = kind === 'hybrid' ? hybridNeighbours(lists) : (lists?.[kind] ?? [])
          const text = kind === 'copurchase' ? `Bought together with ${item.name}` : `Goes with ${item.name}`
          return found.map(([id, score]) => ({ itemId: id, score, reason: { code: 'similar', text } }))
        },
      },
      { rung: 'category', candidates: () => popularItems(shop, category) },
      { rung: 'trending', candidates: () => popularItems(shop) },
    ],
    { catalogue, excluded: new Set([itemId]) },
  )
}

/** The item of the catalogue. @throws AppError `unknown_item` */
export async function knownItem(itemId: string, shop: Shop): Promise<Item> {
  const item = (await shop.catalogue()).items.get(itemId)
  if (item) return item
  const reason = 'is not in the catalogue'
  throw new AppError('unknown_item', `There is no item ${itemId} in the catalogue`, [
    { code: 'unknown', field: 'item_id', value: itemId, reason },
  ])
}
