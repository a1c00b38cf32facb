import type { Random } from '../../shared/algorithms/random.ts'
import { dayMs, timeOfDay } from './calendar.ts'
import type { Choices } from './choices.ts'
import type { Order } from './orders-of-day.ts'

export interface ShopEvent {
  /** Counts the events of the history from 1. */
  number: number
  session: number
  user: number
  type: 'view' | 'click' | 'add_to_cart' | 'purchase' | 'rating' | 'feedback' | 'impression'
  item: number
  atMs: number
  device: 'phone' | 'desktop' | 'tablet'
  orderId?: string
  quantity?: number
  /** Of a rating or of feedback. */
  value?: number
  /** The list shown, and of an impression the place in it, from 1. */
  list?: number
  position?: number
}

type Step = Pick<ShopEvent, 'type' | 'item' | 'orderId' | 'quantity' | 'value' | 'list' | 'position'>

/** So much of the day's events are of sessions that end in an order, as far as there are orders. */
const shareBeforeOrders = 0.5
const secondsPerStep = 90
const browsedPerSession = 5
/** So many sessions without an order begin with a list of so many items, and so many of those go on with an item of it. */
const [shareOfLists, listSize, shareFollowed] = [0.25, 5, 0.3]

/**
 * Sessions day by day, in order of time: views, clicks, carts, ratings and feedback, as many as asked for; impressions and the
 * purchases of orders come on top.
 */
export function eventsByDay(random: Random) {
  let sessions = 0
  let lists = 0
  let count = 0
  return (day: { startMs: number; events: number; orders: readonly Order[]; choices: Choices }): ShopEvent[] => {
    const events: Omit<ShopEvent, 'number'>[] = []
    const lastMs = day.startMs + dayMs - 1000
    let left = day.events
    const addSession = (user: number, steps: Step[], at: { endMs: number } | { startMs: number }) => {
      sessions += 1
      const drawn = random()
      const device = drawn < 0.6 ? 'phone' : drawn < 0.9 ? 'desktop' : 'tablet'
      const pauses = steps.map(() => 1000 * Math.ceil(-secondsPerStep * Math.log(1 - random()) + 1))
      const whole = pauses.reduce((sum, pause) => sum + pause, 0)
      let atMs = Math.max(day.startMs, 'endMs' in at ? at.endMs - whole : at.startMs)
      for (const [index, step] of steps.entries()) {
        events.push({ session: sessions, user, device, atMs: Math.min(atMs, lastMs), ...step })
        atMs += pauses[index] ?? 0
      }
    }
    let ofOrders = Math.round(left * shareBeforeOrders)
    for (const { id, user, atMs, channel, status, lines } of day.orders) {
      if (user === undefined || channel === 'store' || status === 'returned') continue
      const steps = stepsBefore(lines, user, { choices: day.choices, random })
      if (steps.length > ofOrders) break
      left -= steps.length
      ofOrders -= steps.length
      const bought = lines.map(({ item, quantity }) => ({ type: 'purchase', item, quantity, orderId: id }) as const)
      addSession(user, [...steps, ...bought], { endMs: atMs })
    }
    while (left > 0) {
      const user = day.choices.user()
      const shown = random() < shareOfLists ? impressions(user, { list: ++lists, choices: day.choices }) : []
      const followed = random() < shareFollowed ? shown[Math.floor(listSize * random() ** 2)] : undefined
      const steps = browse(user, { first: followed, choices: day.choices, random }).slice(0, left)
      left -= steps.length
      addSession(user, [...shown, ...steps], { startMs: day.startMs + timeOfDay(random) })
    }
    events.sort((a, b) => a.atMs - b.atMs || a.session - b.session)
    return events.map(event => ({ ...event, number: ++count }))
  }
}

/** What was looked at before an order: its items, put into the cart, and others beside them. */
function stepsBefore(
  lines: Order['lines'],
  user: number,
  { choices, random }: { choices: Choices; random: Random },
): Step[] {
  return lines.flatMap(({ item }): Step[] => {
    const other: Step[] = random() < 0.5 ? [{ type: 'view', item: choices.item(user, item) }] : []
    return [...other, { type: 'view', item }, { type: 'add_to_cart', item }]
  })
}

function impressions(user: number, { list, choices }: { list: number; choices: Choices }): Step[] {
  const items = Array.from({ length: listSize }, () => choices.item(user))
  return items.map((item, place) => ({ type: 'impression', item, list, position: place + 1 }))
}

/** @param first what is followed first, if anything is */
function browse(
  user: number,
  { first, choices, random }: { first: Step | undefined; choices: Choices; random: Random },
): Step[] {
  const steps: Step[] = first?.list === undefined ? [] : [{ type: 'click', item: first.item, list: first.list }]
  do {
    const item = choices.item(user, steps.at(-1)?.item)
    const drawn = random()
    steps.push({ type: drawn < 0.8 ? 'view' : 'click', item })
    if (drawn < 0.08) steps.push({ type: 'add_to_cart', item })
    else if (drawn < 0.1) steps.push({ type: 'rating', item, value: 1 + Math.floor(5 * random() ** 0.6) })
    else if (drawn < 0.12) steps.push({ type: 'feedback', item, value: random() < 0.8 ? 1 : -1 })
  } while (random() < 1 - 1 / browsedPerSession)
  return steps
}
