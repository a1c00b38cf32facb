import type { z } from 'zod'
import type { Sha256 } from '../../ports.ts'
import { Item } from '../../schemas/catalogue.ts'
import type { ItemId } from '../../schemas/ids.ts'
import { type DatedFields, type FieldsSet, setFields } from './dated-fields.ts'

const ItemFields = Item.pick({ name: true, category: true, price: true, in_stock: true, deleted: true }).partial()
export type ItemFields = z.infer<typeof ItemFields>

/**
 * The document of an item after changes. What is known of a product may come in any order, its stock before its name:
 * until it has a name and a price it is kept as incomplete.
 */
export function itemAfter(
  id: ItemId,
  before: Item | undefined,
  { steps, applied }: { steps: readonly FieldsSet<ItemFields>[]; applied?: Item['applied'] },
  sha256: Sha256,
): Item {
  const { fields, changed } = setFields(known(before), steps, raw => ItemFields.parse(raw))
  const { name, category, price, in_stock = true, deleted = false } = fields
  const incomplete = name === undefined || price === undefined
  const content = { name: name ?? id, category: category ?? 'Other', price: price ?? 0, in_stock, deleted, incomplete }
  const row_hash = sha256(JSON.stringify(content)).slice(0, 16)
  return { id, ...content, row_hash, changed, applied: applied ?? before?.applied }
}

function known(before: Item | undefined): DatedFields<ItemFields> {
  if (!before) return { fields: {}, changed: {} }
  const { changed, name, category, price, in_stock, deleted } = before
  if (!changed) return { fields: { name, category, price, in_stock }, changed: {} }
  const all = { name, category, price, in_stock, deleted }
  return {
    fields: ItemFields.parse(Object.fromEntries(Object.entries(all).filter(([field]) => field in changed))),
    changed,
  }
}
