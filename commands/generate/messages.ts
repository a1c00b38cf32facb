import type { Change } from './changes-of-day.ts'
import type { ShopEvent } from './events-of-day.ts'
import { itemId, userId } from './ids.ts'
import { productOf } from './product.ts'
import { customerRow, isoTime, productRow } from './rows.ts'
import type { SyntheticShop } from './synthetic-shop.ts'

/** A message of a hub, as its producer writes it. */
export type Message = Record<string, unknown>

/** An interaction in the event contract. */
export function interactionMessage(event: ShopEvent, shop: SyntheticShop): Message {
  const { number, session, user, type, item, atMs, device, orderId, quantity, value, list, position } = event
  return {
    ...{ schema_version: 1, event_id: uuid(number, { kind: 1, seed: shop.seed }) },
    ...{ user_id: userId(user), session_id: `session-${session}`, event_type: type, item_id: itemId(item) },
    ts: isoTime(atMs),
    ...(quantity === undefined ? {} : { quantity }),
    ...(orderId === undefined ? {} : { order_id: orderId }),
    ...(value === undefined ? {} : { value }),
    ...(list === undefined ? {} : { recommendation_id: `list-${list}` }),
    ...(position === undefined ? {} : { position, propensity: 1 }),
    context: { device, price: shop.prices[item] ?? 0 },
  }
}

/** A change of the catalogue or of a customer, as a shop's systems tell it. @param number counts them */
export function changeMessage(change: Change, number: number, shop: SyntheticShop): Message {
  const { entity, op, atMs } = change
  return {
    ...{ schema_version: 1, change_id: uuid(number, { kind: 2, seed: shop.seed }), op, entity },
    ...{ key: 'user' in change ? userId(change.user) : itemId(change.item), ts: isoTime(atMs) },
    data: changedData(change, shop),
  }
}

function changedData(change: Change, shop: SyntheticShop): Message {
  const { atMs } = change
  switch (change.entity) {
    case 'item': {
      const { product_id: _, updated_at: __, ...data } = productRow(change.item, shop, { atMs, spelling: 1 })
      const { minAge: min_age, isHidden: hidden } = productOf(change.item, shop)
      const price = shop.prices[change.item] ?? 0
      return { ...data, price, cost: Math.round(60 * price) / 100, in_stock: true, min_age, hidden }
    }
    case 'price':
      return { price: shop.prices[change.item] }
    case 'stock':
      return change.isSoldOut ? { in_stock: false, stock: 0 } : { in_stock: true, stock: 10 + (change.item % 90) }
    case 'customer': {
      const { customer_id: _, updated_at: __, ...data } = customerRow(change.user, shop, atMs)
      if (change.op === 'insert') return data
      const { country, region, city } = data
      return { country, region, city }
    }
  }
}

/** The UUID of the numbered message of a shop (version 4 by its form, not by chance). */
function uuid(number: number, { kind, seed }: { kind: number; seed: number }): string {
  const digits = (value: number, length: number) => value.toString(16).padStart(length, '0').slice(-length)
  return `${digits(number, 8)}-${digits(kind, 4)}-4000-8000-${digits(seed, 12)}`
}
