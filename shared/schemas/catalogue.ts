import { z } from 'zod'
import { ItemId, UserId } from './ids.ts'

const money = z.number().nonnegative()

/** What tells changes of a document apart from those it holds already or that came too late. */
const order = {
  /** Last sequence number taken in, by partition of the hub `catalog-changes`. */
  applied: z.record(z.string(), z.int().nonnegative()).optional(),
  /** When each field that is known was set, ms since 1970 by the shop's clock; without it all are, from of old. */
  changed: z.record(z.string(), z.number()).optional(),
  /** A tombstone: kept, so that a late change finds it. */
  deleted: z.boolean().optional(),
}

/** A product as stored in Cosmos `items` and joined into every list. */
export const Item = z.object({
  id: ItemId,
  name: z.string().min(1),
  category: z.string().min(1),
  price: money,
  in_stock: z.boolean(),
  /** Name or price is not known yet: what stands there in its place is for nobody to see. */
  incomplete: z.boolean().optional(),
  /** Hash of what it holds: an unchanged product is not written again. */
  row_hash: z.string(),
  ...order,
})
export type Item = z.infer<typeof Item>

/** Whether the shop has the product: neither a tombstone nor half known. */
export const isOffered = ({ deleted = false, incomplete = false }: Item): boolean => !deleted && !incomplete

/** What the ERP knows of a customer: Cosmos `users`, beside the profile of the same user. */
export const Customer = z.object({
  id: z.literal('customer'),
  user_id: UserId,
  country: z.string(),
  row_hash: z.string(),
  ...order,
})
export type Customer = z.infer<typeof Customer>

const csvNumber = (rule: z.ZodNumber, message: string) =>
  z.string({ error: message }).trim().min(1, { error: message }).transform(Number).pipe(rule)

const csvBoolean = z
  .string()
  .trim()
  .toLowerCase()
  .refine(text => ['', 'true', 'false', '1', '0', 'yes', 'no'].includes(text), { error: 'must be true or false' })
  .transform(text => !['false', '0', 'no'].includes(text))

const csvTimestamp = z
  .string({ error: 'must be a date and time' })
  .trim()
  .transform(text => (/^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(:\d{2})?$/.test(text) ? `${text.replace(' ', 'T')}Z` : text))
  .refine(text => /^\d{4}-\d{2}-\d{2}/.test(text) && !Number.isNaN(Date.parse(text)), {
    error: 'must be a date or date-time like 2011-12-09T12:50:00Z (without an offset it is taken as UTC)',
  })
  .transform(text => new Date(text).toISOString())

/** A row of `landing/products/*.csv`; `product_id` is accepted for `item_id`. */
export const ProductRow = z.object({
  item_id: z.string().trim().pipe(ItemId),
  name: z.string({ error: 'must be a text' }).trim().min(1, { error: 'must not be empty' }).max(500),
  category: z
    .string()
    .trim()
    .max(200)
    .optional()
    .transform(text => (text === undefined || text === '' ? 'Other' : text)),
  price: csvNumber(
    z.number({ error: 'must be a number' }).nonnegative({ error: 'must be 0 or more' }),
    'must be a number',
  ),
  in_stock: csvBoolean.optional().transform(value => value ?? true),
})
export type ProductRow = z.infer<typeof ProductRow>

/** A row of `landing/customers/*.csv`; `customer_id` or `user_id`. */
export const CustomerRow = z.object({
  user_id: z.string().trim().pipe(UserId),
  country: z
    .string()
    .trim()
    .max(100)
    .optional()
    .transform(text => text ?? ''),
})
export type CustomerRow = z.infer<typeof CustomerRow>

const wholeNumber = z.number({ error: 'must be a whole number' }).int({ error: 'must be a whole number' })

/** A row of `landing/orders/*.csv`: one order line. */
export const OrderRow = z.object({
  order_id: z.string({ error: 'must be a text' }).trim().min(1, { error: 'must not be empty' }).max(128),
  user_id: z.string().trim().pipe(UserId),
  ordered_at: csvTimestamp,
  item_id: z.string().trim().pipe(ItemId),
  quantity: csvNumber(wholeNumber.min(1, { error: 'must be 1 or more' }), 'must be a whole number'),
  unit_price: csvNumber(
    z.number({ error: 'must be a number' }).nonnegative({ error: 'must be 0 or more' }),
    'must be a number',
  ),
})
export type OrderRow = z.infer<typeof OrderRow>

/** An order line as bronze holds it. */
export const OrderLine = z.object({
  order_id: z.string(),
  user_id: UserId,
  ordered_at: z.iso.datetime(),
  item_id: ItemId,
  quantity: z.int(),
  unit_price: z.number(),
})
export type OrderLine = z.infer<typeof OrderLine>
