import { dayMs } from './calendar.ts'
import { itemId, userId } from './ids.ts'
import type { Order, OrderLine } from './orders-of-day.ts'
import { firstNames, lastNames } from './people.ts'
import { productOf } from './product.ts'
import type { Rating } from './ratings-of-day.ts'
import { places, type SyntheticShop, signedUpMs } from './synthetic-shop.ts'

/** A row of a file: columns in the order in which the file has them. */
export type Row = Record<string, string | number | readonly string[]>

export function orderRow({ id, user, atMs, channel, status, place, lines }: Order): Row {
  const { country } = places[place] ?? {}
  const total = lines.reduce((sum, { quantity, unitPrice, discount }) => sum + quantity * unitPrice - discount, 0)
  return {
    order_id: id,
    customer_id: user === undefined ? '' : userId(user),
    order_ts: isoTime(atMs),
    channel,
    status,
    country: country?.name ?? '',
    currency: country?.currency ?? '',
    total: total.toFixed(2),
  }
}

export function orderItemRow(orderId: string, number: number, { item, quantity, unitPrice, discount }: OrderLine): Row {
  return {
    order_id: orderId,
    line_no: number,
    product_id: itemId(item),
    quantity,
    price: unitPrice.toFixed(2),
    discount: discount === 0 ? '0.00' : discount.toFixed(2),
  }
}

/** A product as it is now. @param spelling 0 to 1: one in eight categories is not written as it should be */
export function productRow(
  item: number,
  shop: SyntheticShop,
  { atMs, spelling }: { atMs: number; spelling: number },
): Row {
  const { name, category, brand, description, tags, channels, regions, minAge, isHidden } = productOf(item, shop)
  const price = shop.prices[item] ?? 0
  const day = Math.floor((atMs - shop.calendar.firstMs) / dayMs)
  const isSoldOut = (shop.soldOutUntil[item] ?? 0) > day
  return {
    ...{ product_id: itemId(item), name, category: spelt(category, spelling), brand },
    ...{ price: price.toFixed(2), cost: (Math.round(60 * price) / 100).toFixed(2) },
    ...{ in_stock: isSoldOut ? 'false' : 'true', stock: isSoldOut ? 0 : 10 + (item % 90) },
    ...{ description, tags, channels, regions, min_age: minAge ?? '', hidden: isHidden ? 'true' : 'false' },
    updated_at: isoTime(atMs),
  }
}

/** A customer as they are now. */
export function customerRow(user: number, shop: SyntheticShop, atMs: number): Row {
  const person = shop.persons[user] ?? 0
  const { country, region = '', town = '' } = places[shop.places[user] ?? 0] ?? {}
  const [first = '', gender = ''] = firstNames[person % firstNames.length] ?? []
  const last = lastNames[(person >>> 5) % lastNames.length] ?? ''
  const birthYear = 1945 + ((person >>> 10) % 62)
  const birthMonth = 1 + ((person >>> 16) % 12)
  const birthDay = 1 + ((person >>> 20) % 28)
  const two = (number: number) => String(number).padStart(2, '0')
  return {
    ...{ customer_id: userId(user), name: `${first} ${last}` },
    email: `${first}.${last}${user}@example.com`.toLowerCase(),
    phone: `+49 30 ${String(1_000_000 + (person % 9_000_000))}`,
    ...{ country: country?.name ?? '', region, city: town },
    ...{ birth_date: `${birthYear}-${two(birthMonth)}-${two(birthDay)}`, gender },
    signup_date: isoTime(signedUpMs(user, shop)).slice(0, 10),
    loyalty_program: programs[(person >>> 25) % programs.length] ?? '',
    updated_at: isoTime(atMs),
  }
}

const programs = ['', '', 'Club', 'Club', 'Family', 'Premium']

export function ratingRow({ user, item, rating, atMs }: Rating): Row {
  return {
    customer_id: userId(user),
    product_id: itemId(item),
    rating,
    timestamp: isoTime(atMs),
    review: rating === 5 ? 'Lovely, would buy again' : rating === 1 ? 'Not what I expected' : '',
  }
}

/** ISO 8601 without the milliseconds that are never there. */
export function isoTime(ms: number): string {
  const day = Math.floor(ms / dayMs)
  // Rows come day by day: its text is made once, which halves the time that a history takes.
  if (day !== textOf.day) textOf = { day, text: new Date(day * dayMs).toISOString().slice(0, 10) }
  const second = Math.floor((ms - day * dayMs) / 1000)
  return `${textOf.text}T${sixty[Math.floor(second / 3600)]}:${sixty[Math.floor(second / 60) % 60]}:${sixty[second % 60]}Z`
}

let textOf = { day: Number.NaN, text: '' }
const sixty = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, '0'))

function spelt(category: string, spelling: number): string {
  if (spelling < 0.04) return ` ${category.toLowerCase()}`
  if (spelling < 0.08) return category.toUpperCase()
  if (spelling < 0.125) return `${category.replaceAll(' ', '  ')} `
  return category
}
