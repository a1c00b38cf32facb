import type { Item } from '../schemas/catalogue.ts'
import { AppError } from '../schemas/errors.ts'
import type { Shop } from './shop.ts'

/** The item of the catalogue. @throws AppError `unknown_item` */
export async function knownItem(itemId: string, shop: Shop): Promise<Item> {
  const item = (await shop.catalogue()).items.get(itemId)
  if (item) return item
  throw unknownItem(itemId)
}

export function unknownItem(itemId: string): AppError {
  const reason = 'is not in the catalogue'
  return new AppError('unknown_item', `There is no item ${itemId} in the catalogue`, [
    { code: 'unknown', field: 'item_id', value: itemId, reason },
  ])
}
