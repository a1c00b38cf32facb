import { z } from 'zod'
import { Product } from './answers.ts'
import { itemData } from './catalogue-change.ts'
import { ItemId } from './ids.ts'
import { inOrder, limit, name, notNegative, priceOrder } from './requests.ts'

/** All that may be seen of a product. */
export const ProductDetails = Product.extend({
  brand: z.string().nullable(),
  tags: z.array(z.string()),
  channels: z.array(z.string()).describe('Where it is sold; empty: everywhere'),
  regions: z.array(z.string()).describe('Where it is sold; empty: everywhere'),
  min_age: z.int().nullable().describe('Only for customers of this age'),
  hidden: z.boolean().describe('Not recommended, though it can be bought'),
  added_at: z.string().nullable().describe('When the shop’s lake first knew it'),
})
export type ProductDetails = z.infer<typeof ProductDetails>

const CategorySize = z.object({ name: z.string(), items: z.int() })
export const ProductPage = z.object({
  items: z.array(ProductDetails),
  total: z.int().describe('Products that match, on all pages'),
  categories: z.array(CategorySize).describe('Of the whole catalogue, the largest first'),
  next_cursor: z.string().nullable(),
})
export const CategoryList = z.object({ items: z.array(CategorySize), next_cursor: z.string().nullable() })

export const productSorts = ['name', 'price', '-price', 'newest', 'popularity'] as const
export type ProductSort = (typeof productSorts)[number]

/** A cursor that names a place in an order: what stood there last. */
export const placeCursor = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,8000}$/, { error: 'must be a next_cursor of an earlier answer' })
  .optional()

const flagRule = { error: 'must be true or false' }
const flag = z.enum(['true', 'false'], flagRule).transform(text => text === 'true')
const words = z.string().max(200)

export const ProductsQuery = z
  .object({
    limit: limit.default(20),
    cursor: placeCursor,
    q: words
      .optional()
      .describe('Words, or how they begin, of name, brand, category, tags or id; marks on letters do not count'),
    search: words.optional().describe('An older name of q'),
    category: name.optional(),
    brand: name.optional(),
    tag: name.optional(),
    price_min: notNegative.optional(),
    price_max: notNegative.optional(),
    in_stock: flag.optional(),
    hidden: flag.optional().describe('For operators: only what is hidden from lists, or only what is not'),
    sort: z.enum(productSorts, { error: `must be ${productSorts.join(', ')}` }).default('name'),
  })
  .refine(inOrder, priceOrder)
  .refine(({ q, search }) => q === undefined || search === undefined, {
    path: ['search'],
    error: 'is another name of q: give one of the two',
  })

const { name: productName, price, ...rest } = itemData
/** All that can be told of a product besides its id. */
const attributes = {
  category: rest.category.optional(),
  brand: rest.brand.optional(),
  cost: rest.cost.optional().describe('What the shop pays for it; shown to nobody'),
  in_stock: rest.in_stock.optional(),
  stock: rest.stock.optional().describe('Pieces: more than none is in stock'),
  tags: rest.tags.optional(),
  channels: rest.channels.optional(),
  regions: rest.regions.optional(),
  min_age: rest.min_age.optional(),
  hidden: rest.hidden.optional(),
}
export const ProductBody = z.strictObject({ name: productName, price, ...attributes })
export type ProductBody = z.infer<typeof ProductBody>

/** `product_id` is accepted wherever a client means `item_id`. */
export const eitherId = {
  item_id: ItemId.optional(),
  product_id: ItemId.optional().describe('An older name of item_id'),
}
export const hasOneId = ({
  item_id: id,
  product_id: older,
}: {
  item_id?: string | undefined
  product_id?: string | undefined
}) => (id === undefined) !== (older === undefined)
export const oneIdRule = { path: ['item_id'], error: 'is needed, or product_id, and not both' }

export const NewProduct = z.strictObject({ ...eitherId, ...ProductBody.shape }).refine(hasOneId, oneIdRule)

/** A merge patch (RFC 7396): what is null is taken away, as far as there can be none of it. */
export const ProductPatch = z
  .strictObject({
    name: productName.optional(),
    price: price.optional(),
    ...attributes,
    tags: rest.tags.nullish(),
    channels: rest.channels.nullish(),
    regions: rest.regions.nullish(),
    min_age: rest.min_age.nullish(),
    hidden: rest.hidden.nullish(),
  })
  .refine(patch => Object.keys(patch).length > 0, { error: 'must tell at least one field' })
export type ProductPatch = z.infer<typeof ProductPatch>

/** A change that is on its way to the catalogue: it is served within a second or two. */
export const AcceptedChange = z.object({
  change_id: z.string(),
  op: z.enum(['insert', 'update', 'delete']),
  item_id: z.string(),
  accepted_at: z.string(),
})
