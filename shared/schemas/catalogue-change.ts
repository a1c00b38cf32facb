import { z } from 'zod'
import { ItemId, UserId } from './ids.ts'

/** The newest version of the contract of changes. */
export const changeSchemaVersion = 1

const ops = ['insert', 'update', 'delete'] as const
const fields = {
  schema_version: z.literal(changeSchemaVersion, {
    error: `must be ${changeSchemaVersion}, the only version of the contract`,
  }),
  change_id: z.uuid({ error: 'must be a UUID' }),
  op: z.enum(ops, { error: `must be one of ${ops.join(', ')}` }),
  ts: z.iso.datetime({ offset: true, error: 'must be an ISO 8601 date-time with Z or an offset' }),
}
const text = (lengthMax: number) => z.string({ error: 'must be a text' }).trim().max(lengthMax)
const moneyRule = 'must be a number from 0 to 1,000,000'
const money = z.number({ error: moneyRule }).nonnegative({ error: moneyRule }).max(1_000_000, { error: moneyRule })
const trueOrFalse = z.boolean({ error: 'must be true or false' })
const piecesMax = 1_000_000_000
const piecesRule = 'must be a whole number within ±1,000,000,000'
const stock = z.int({ error: piecesRule }).min(-piecesMax, { error: piecesRule }).max(piecesMax, { error: piecesRule })

const list = (countMax: number) =>
  z
    .array(text(100).regex(/^[^|]*$/, { error: 'must be a text without |' }), { error: 'must be a list of texts' })
    .max(countMax, { error: `must have at most ${countMax} texts` })
const wholeFrom = (min: number, max: number) => {
  const error = `must be a whole number from ${min} to ${max}`
  return z.int({ error }).min(min, { error }).max(max, { error })
}

/** What can be told of an item, by the names of bronze's columns. */
export const itemData = {
  name: text(500).min(1, { error: 'must not be empty' }),
  category: text(200),
  price: money,
  cost: money,
  in_stock: trueOrFalse,
  stock,
  brand: text(200),
  tags: list(50),
  channels: list(50),
  regions: list(250),
  min_age: wholeFrom(0, 120),
  hidden: trueOrFalse,
}
/** What the change says; what is null or absent stays as it was. */
const ItemData = z.looseObject({
  name: itemData.name.nullish(),
  category: itemData.category.nullish(),
  price: itemData.price.nullish(),
  cost: itemData.cost.nullish(),
  in_stock: itemData.in_stock.nullish(),
  stock: itemData.stock.nullish(),
  brand: itemData.brand.nullish(),
  tags: itemData.tags.nullish(),
  channels: itemData.channels.nullish(),
  regions: itemData.regions.nullish(),
  min_age: itemData.min_age.nullish(),
  hidden: itemData.hidden.nullish(),
})
const dateRule = 'must be an ISO 8601 date from 1900 on'
const birthDate = z
  .union([z.iso.date(), z.iso.datetime({ offset: true })], { error: dateRule })
  .refine(date => new Date(date).getUTCFullYear() >= 1900, { error: dateRule })
/** What can be told of a customer that lists go by. */
export const customerData = {
  country: text(100),
  region: text(100),
  birth_date: birthDate,
  birth_year: wholeFrom(1900, 2100),
  age: wholeFrom(0, 125),
}
const CustomerData = z.looseObject({
  country: customerData.country.nullish(),
  region: customerData.region.nullish(),
  birth_date: customerData.birth_date.nullish(),
  birth_year: customerData.birth_year.nullish(),
  age: customerData.age.nullish(),
})

/**
 * A change of the catalogue as it travels through the hub `catalog-changes` and is archived: JSON, snake_case, unknown
 * fields kept. `key` is the item's or the customer's id, and the key of its partition. An insert makes what was deleted
 * live again; an update does not.
 */
export const CatalogueChange = z.discriminatedUnion(
  'entity',
  [
    z.looseObject({ ...fields, entity: z.enum(['item', 'stock', 'price']), key: ItemId, data: ItemData.default({}) }),
    z.looseObject({ ...fields, entity: z.literal('customer'), key: UserId, data: CustomerData.default({}) }),
  ],
  { error: 'must be one of item, stock, price, customer' },
)
export type CatalogueChange = z.infer<typeof CatalogueChange>
