import type { z } from 'zod'
import type { Sha256 } from '../../ports.ts'
import { Item } from '../../schemas/catalogue.ts'
import type { ItemId } from '../../schemas/ids.ts'
import { type DatedFields, type FieldsSet, setFields } from './dated-fields.ts'

const ItemFields = Item.pick({
  ...{ name: true, category: true, price: true, in_stock: true, cost: true, brand: true },
  ...{ tags: true, channels: true, regions: true, min_age: true, hidden: true, added_at: true, deleted: true },
}).partial()
export type ItemFields = z.infer<typeof ItemFields>

/**
 * The document of an item after changes. What is known of a product may come in any order, its stock before its name:
 * until it has a name and a price it is kept as incomplete. What limits nothing is left out: no tags, everywhere, for
 * all ages, not hidden.
 */
export function itemAfter(
  id: ItemId,
  before: Item | undefined,
  { steps, applied }: { steps: readonly FieldsSet<ItemFields>[]; applied?: Item['applied'] },
  sha256: Sha256,
): Item {
  const { fields, changed } = setFields(known(before), steps, raw => ItemFields.parse(raw))
  const { name, category, price, in_stock = true, deleted = false, cost, added_at } = fields
  const incomplete = name === undefined || price === undefined
  const content = {
    ...{ name: name ?? id, category: category ?? 'Other', price: price ?? 0, in_stock, deleted, incomplete },
    ...{ brand: fields.brand || undefined, tags: someOf(fields.tags), cost, margin: marginOf(price, cost) },
    ...{ channels: someOf(fields.channels), regions: someOf(fields.regions) },
    ...{ min_age: fields.min_age || undefined, hidden: fields.hidden || undefined, added_at },
  }
  const row_hash = sha256(JSON.stringify(content)).slice(0, 16)
  return { id, ...content, row_hash, changed, applied: applied ?? before?.applied }
}

function known(before: Item | undefined): DatedFields<ItemFields> {
  if (!before) return { fields: {}, changed: {} }
  const { changed, deleted, ...rest } = before
  if (!changed) return { fields: ItemFields.parse(rest), changed: {} }
  const dated = Object.entries(before).filter(([field]) => field in changed)
  return { fields: ItemFields.parse(Object.fromEntries(dated)), changed }
}

const someOf = (list: string[] | undefined) => (list && list.length > 0 ? list : undefined)

/** To four digits, as gold has it. */
const marginOf = (price: number | undefined, cost: number | undefined) =>
  price && cost !== undefined ? Math.round((1 - cost / price) * 10_000) / 10_000 : undefined
