import type { Item } from '../schemas/catalogue.ts'
import type { Shop } from './shop.ts'

export interface Rule {
  item: Item
  support: number
  confidence: number
  lift: number
}

/** Association rules with the item on their left side, by confidence; right sides outside the catalogue are left out. */
export async function rulesOf(itemId: string, limit: number, shop: Shop): Promise<Rule[]> {
  const [catalogue, live] = await Promise.all([shop.catalogue(), shop.live()])
  const tails = live ? await shop.rules(itemId, live.generation) : []
  return tails
    .flatMap(([id, support, confidence, lift]): Rule[] => {
      const item = catalogue.items.get(id)
      return item ? [{ item, support, confidence, lift }] : []
    })
    .slice(0, limit)
}
