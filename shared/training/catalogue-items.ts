import type { Documents } from '../ports.ts'
import { type Item, isOffered } from '../schemas/catalogue.ts'
import { collections } from '../schemas/collections.ts'

/** Every product that the shop has, by its id. */
export async function catalogueItems(documents: Documents): Promise<Map<string, Item>> {
  const items = new Map<string, Item>()
  for await (const page of documents.query(collections.items, {})) {
    for (const item of page) if (isOffered(item)) items.set(item.id, item)
  }
  return items
}
