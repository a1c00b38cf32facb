import type { CatalogueChange } from '../../schemas/catalogue-change.ts'
import type { CustomerFields } from '../catalogue/customer-document.ts'
import type { FieldsSet } from '../catalogue/dated-fields.ts'
import type { ItemFields } from '../catalogue/item-document.ts'

export type ItemChange = Exclude<CatalogueChange, { entity: 'customer' }>
export type CustomerChange = Extract<CatalogueChange, { entity: 'customer' }>

/** What a change sets of an item's document. An insert tells all there is; without stock, an item can be sold. */
export function itemStep(change: ItemChange): FieldsSet<ItemFields> {
  return { set: itemFields(change), at: Date.parse(change.ts) }
}

/** What a change sets of a customer's document. */
export function customerStep({ op, data, ts }: CustomerChange): FieldsSet<CustomerFields> {
  const at = Date.parse(ts)
  if (op === 'delete') return { set: { deleted: true }, at }
  const country = data.country ?? undefined
  return { set: op === 'insert' ? { country: country ?? '', deleted: false } : { country }, at }
}

function itemFields(change: ItemChange): ItemFields {
  const isDeletion = change.op === 'delete'
  switch (change.entity) {
    case 'stock':
      return { in_stock: isDeletion ? false : saleable(change.data) }
    case 'price':
      // Without a price there is no product to show: the last one stays until there is another.
      return isDeletion ? {} : { price: change.data.price ?? undefined }
    case 'item': {
      if (isDeletion) return { deleted: true }
      const { name, category, price } = change.data
      const told = { name: name ?? undefined, category: category || undefined, price: price ?? undefined }
      const in_stock = saleable(change.data)
      if (change.op === 'update') return { ...told, in_stock }
      return { ...told, category: told.category ?? 'Other', in_stock: in_stock ?? true, deleted: false }
    }
  }
}

/** Can be sold: told so, or by the pieces there are; undefined when neither is told. */
function saleable(data: { in_stock?: boolean | null | undefined; stock?: number | null | undefined }) {
  return data.in_stock ?? (typeof data.stock === 'number' ? data.stock > 0 : undefined)
}
