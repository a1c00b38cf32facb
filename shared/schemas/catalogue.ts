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
  brand: z.string().optional(),
  tags: z.array(z.string()).optional(),
  /** Where it is sold; without them, everywhere. */
  channels: z.array(z.string()).optional(),
  regions: z.array(z.string()).optional(),
  /** Only for customers of this age in years, and not for whose age is unknown. */
  min_age: z.int().nonnegative().optional(),
  /** What the shop pays for it; for margins, shown to nobody. */
  cost: money.optional(),
  /** (price - cost) / price; below 0 when it is sold at a loss. */
  margin: z.number().max(1).optional(),
  /** Not to be recommended, though it can be bought. */
  hidden: z.boolean().optional(),
  /** When the lake first knew it, ms since 1970. */
  added_at: z.int().optional(),
  /** Name or price is not known yet: what stands there in its place is for nobody to see. */
  incomplete: z.boolean().optional(),
  /** Hash of what it holds: an unchanged product is not written again. */
  row_hash: z.string(),
  ...order,
})
export type Item = z.infer<typeof Item>

/** Whether the shop has the product: neither a tombstone nor half known. */
export const isOffered = ({ deleted = false, incomplete = false }: Item): boolean => !deleted && !incomplete

const fifth = z.int().min(1).max(5)

/** What the lake makes of a customer's orders (F01-F03): figures as of the newest order of the shop. */
export const Standing = z.object({
  as_of: z.iso.datetime(),
  orders: z.int().nonnegative(),
  revenue: z.number(),
  average_order_value: z.number(),
  first_order_at: z.iso.datetime(),
  last_order_at: z.iso.datetime(),
  /** Fifths of all customers, 5 the best. */
  rfm: z.object({ recency: fifth, frequency: fifth, monetary: fifth }),
  /** Revenue expected in a year. */
  clv: z.number(),
  clv_segment: z.string(),
  churn_risk: z.string(),
})
export type Standing = z.infer<typeof Standing>

/** What the ERP knows of a customer: Cosmos `users`, beside the profile of the same user. */
export const Customer = z.object({
  id: z.literal('customer'),
  user_id: UserId,
  country: z.string(),
  region: z.string().optional(),
  /** Told, or taken from the date of birth or the age. */
  birth_year: z.int().optional(),
  /** By recency, frequency and money: champions, loyal, new, at risk, lost, others. */
  segment: z.string().optional(),
  /** Tier by orders and revenue of the last year: platinum, gold, silver, member. */
  loyalty: z.string().optional(),
  standing: Standing.optional(),
  row_hash: z.string(),
  ...order,
})
export type Customer = z.infer<typeof Customer>
