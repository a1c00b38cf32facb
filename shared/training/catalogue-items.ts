import type { Documents } from '../ports.ts'
import type { Item } from '../schemas/catalogue.ts'
import { collections } from '../schemas/collections.ts'

/** Every product of the catalogue by its id. */
export async function catalogueItems(documents: Documents): Promise<Map<string, Item>> {
  const items = new Map<string, Item>()
  for await (const page of documents.query(collections.items, {})) for (const item of page) items.set(item.id, item)
  return items
}
