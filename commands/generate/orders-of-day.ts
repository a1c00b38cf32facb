import type { Random } from '../../shared/algorithms/random.ts'
import { timeOfDay } from './calendar.ts'
import type { Choices } from './choices.ts'
import { places, type SyntheticShop } from './synthetic-shop.ts'

export interface Order {
  id: string
  /** Absent for a guest. */
  user: number | undefined
  atMs: number
  channel: 'web' | 'app' | 'store'
  status: 'delivered' | 'shipped' | 'cancelled' | 'returned'
  place: number
  lines: OrderLine[]
}

export interface OrderLine {
  item: number
  /** Negative for a return. */
  quantity: number
  unitPrice: number
  discount: number
}

const linesPerOrder = 2.6
const linesMax = 20
const shareOfGuests = 0.05
const shareOfReturns = 0.03
const shareOfDiscounts = 0.12
const returnDaysMax = 21

/** Orders day by day: each call gives as many lines as asked for, returns of earlier orders among them. */
export function ordersByDay(shop: SyntheticShop, random: Random) {
  /** Orders to come back, by the day modulo the days that a return may take. */
  const returning: Order[][] = Array.from({ length: returnDaysMax + 1 }, () => [])
  let count = 0
  return (day: { number: number; startMs: number; lines: number; choices: Choices }): Order[] => {
    const due = returning[day.number % returning.length] ?? []
    const orders: Order[] = []
    let left = day.lines
    for (const order of due.splice(0)) {
      if (left < order.lines.length) break
      left -= order.lines.length
      orders.push({ ...order, atMs: day.startMs + timeOfDay(random) })
    }
    while (left > 0) {
      count += 1
      const order = drawOrder(shop, random, { ...day, linesMax: Math.min(left, linesMax), number: count })
      left -= order.lines.length
      orders.push(order)
      const back = order.status === 'cancelled' ? [] : order.lines.filter(() => random() < shareOfReturns)
      if (back.length === 0) continue
      const on = day.number + 2 + Math.floor(random() * (returnDaysMax - 2))
      const lines = back.map(line => ({ ...line, quantity: -line.quantity, discount: 0 }))
      returning[on % returning.length]?.push({ ...order, id: `r-${count}`, status: 'returned', lines })
    }
    return orders
  }
}

function drawOrder(
  shop: SyntheticShop,
  random: Random,
  day: { startMs: number; choices: Choices; linesMax: number; number: number },
): Order {
  const user = random() < shareOfGuests ? undefined : day.choices.user()
  const lines: OrderLine[] = []
  let before: number | undefined
  // Geometric, so that its mean is linesPerOrder; an item comes once in an order.
  do {
    const item = day.choices.item(user, before)
    if (lines.some(line => line.item === item)) break
    lines.push(drawLine(shop, random, item))
    before = item
  } while (lines.length < day.linesMax && random() < 1 - 1 / linesPerOrder)
  const [channel, status] = [random(), random()]
  return {
    ...{ id: `o-${day.number}`, user, atMs: day.startMs + timeOfDay(random), lines },
    channel: channel < 0.58 ? 'web' : channel < 0.85 ? 'app' : 'store',
    status: status < 0.9 ? 'delivered' : status < 0.97 ? 'shipped' : 'cancelled',
    place: user === undefined ? Math.floor(random() * places.length) : (shop.places[user] ?? 0),
  }
}

function drawLine(shop: SyntheticShop, random: Random, item: number): OrderLine {
  const [many, reduced] = [random(), random()]
  const quantity = many < 0.78 ? 1 : many < 0.93 ? 2 : many < 0.98 ? 3 : 4 + Math.floor(random() * 8)
  const unitPrice = shop.prices[item] ?? 0
  const off = reduced < shareOfDiscounts ? 0.05 * (1 + Math.floor(random() * 4)) : 0
  return { item, quantity, unitPrice, discount: Math.round(100 * off * quantity * unitPrice) / 100 }
}
