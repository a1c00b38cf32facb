import type { CatalogueChange } from '../../schemas/catalogue-change.ts'
import type { CustomerFields } from '../catalogue/customer-document.ts'
import type { FieldsSet } from '../catalogue/dated-fields.ts'
import type { ItemFields } from '../catalogue/item-document.ts'

export type ItemChange = Exclude<CatalogueChange, { entity: 'customer' }>
export type CustomerChange = Extract<CatalogueChange, { entity: 'customer' }>

/** What a change sets of an item's document; silver's products are made of changes by the same rules. */
export function itemStep(change: ItemChange): FieldsSet<ItemFields> {
  return { set: itemFields(change), at: Date.parse(change.ts) }
}

/** What a change sets of a customer's document. */
export function customerStep({ op, data, ts }: CustomerChange): FieldsSet<CustomerFields> {
  const at = Date.parse(ts)
  if (op === 'delete') return { set: { deleted: true }, at }
  const told = {
    ...{ country: data.country || undefined, region: data.region || undefined },
    birth_year: birthYear(data, new Date(at)),
  }
  return { set: op === 'insert' ? { ...told, deleted: false } : told, at }
}

function itemFields({ entity, op, data }: ItemChange): ItemFields {
  const told = {
    ...{ name: data.name ?? undefined, category: data.category || undefined, price: data.price ?? undefined },
    ...{ cost: data.cost ?? undefined, brand: data.brand || undefined, tags: textsOf(data.tags) },
    ...{ channels: textsOf(data.channels?.map(lower)), regions: textsOf(data.regions) },
    ...{ min_age: data.min_age ?? undefined, hidden: data.hidden ?? undefined },
    in_stock: entity === 'stock' && op === 'delete' ? false : saleable(data),
  }
  // That a row of stock or of prices comes or goes brings no item back and takes none away.
  return entity === 'item' && op !== 'update' ? { ...told, deleted: op === 'delete' } : told
}

const lower = (text: string) => text.toLowerCase()

/** Each text once; an empty list is told, too: it takes away what was there. */
const textsOf = (list: readonly string[] | null | undefined) => (list ? [...new Set(list)].filter(Boolean) : undefined)

/** Can be sold: told so, or by the pieces there are; undefined when neither is told. */
function saleable(data: { in_stock?: boolean | null | undefined; stock?: number | null | undefined }) {
  return data.in_stock ?? (typeof data.stock === 'number' ? data.stock > 0 : undefined)
}

function birthYear({ birth_date: date, birth_year: year, age }: CustomerChange['data'], at: Date): number | undefined {
  if (date) return new Date(date).getUTCFullYear()
  return year ?? (typeof age === 'number' ? at.getUTCFullYear() - age : undefined)
}
