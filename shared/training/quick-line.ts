import { idPattern } from '../schemas/ids.ts'
import { eventTypes, interactionSchemaVersion } from '../schemas/interaction.ts'
import { dayOf, orderBasket, purchaseIdentity, sessionBasket } from './bronze-line.ts'
import type { FeedbackLine } from './feedback-columns.ts'

/*
 * Ten million lines take minutes to check by their schemas. These functions know the shape that nearly every line has and
 * answer undefined for any other, of which `bronze-line.ts` then tells what it says or what is wrong with it. They accept
 * nothing that the schemas refuse, and what they make of a line is what `bronze-line.ts` makes of it.
 */

const uuidPattern = /^[\da-f]{8}-[\da-f]{4}-[1-8][\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/
/** Impressions are few and left out anyway: the schemas look at them. */
const typeNumbers = new Map<unknown, number>(
  eventTypes.flatMap((type, number) => (type === 'impression' ? [] : [[type, number] as const])),
)
const [purchase, rating, feedback] = [typeNumber('purchase'), typeNumber('rating'), typeNumber('feedback')]

/** A line of `bronze/orders/` as landing writes it. */
export function quickOrderLine(raw: unknown): FeedbackLine | undefined {
  const order = isRecord(raw) ? raw.order : undefined
  if (!isRecord(order)) return undefined
  const { order_id: orderId, user_id: userId, item_id: itemId, ordered_at: orderedAt } = order
  if (typeof orderId !== 'string' || !isId(userId) || !isId(itemId) || typeof orderedAt !== 'string') return undefined
  if (!Number.isSafeInteger(order.quantity) || !Number.isFinite(order.unit_price)) return undefined
  const at = millisecondsOf(orderedAt)
  if (at === undefined) return undefined
  return {
    ...{ userId, itemId, type: purchase, at, value: 0 },
    ...{ basket: orderBasket(orderId), identity: purchaseIdentity(orderId, itemId) },
  }
}

/** A line of `bronze/interactions/` as the ingest writes it. */
export function quickInteractionLine(raw: unknown): FeedbackLine | undefined {
  const event = isRecord(raw) ? raw.event : undefined
  if (!isRecord(event) || !hasPlainFields(event)) return undefined
  const { event_id: eventId, user_id: userId, item_id: itemId, ts, order_id: orderId, session_id: sessionId } = event
  const { value = 0 } = event
  if (!isId(userId) || !isId(itemId) || typeof ts !== 'string' || typeof value !== 'number') return undefined
  if (typeof eventId !== 'string' || !uuidPattern.test(eventId)) return undefined
  if (!isName(orderId) || !isName(sessionId)) return undefined
  const type = typeNumbers.get(event.event_type)
  const at = millisecondsOf(ts)
  if (type === undefined || at === undefined || !isValueOf(type, value)) return undefined
  if (type !== purchase) return { userId, itemId, type, at, value, basket: undefined, identity: eventId }
  const place =
    orderId === undefined ? sessionBasket(sessionId ?? dayOf(userId, ts.slice(0, 10))) : orderBasket(orderId)
  const identity = orderId === undefined ? eventId : purchaseIdentity(orderId, itemId)
  return { userId, itemId, type, at, value, basket: place, identity }
}

/** Whether the fields that training does not look at are as they should be. */
function hasPlainFields(event: Readonly<Record<string, unknown>>): boolean {
  const { schema_version: version, quantity, context } = event
  if (version !== interactionSchemaVersion) return false
  if (event.recommendation_id !== undefined || event.position !== undefined || event.propensity !== undefined)
    return false
  if (quantity !== undefined && !(isWhole(quantity) && quantity >= 1 && quantity <= 1_000_000)) return false
  if (context === undefined) return true
  if (!isRecord(context)) return false
  const { referrer, device, price } = context
  return (
    (referrer === undefined || (typeof referrer === 'string' && referrer.length <= 2048)) &&
    (device === undefined || (typeof device === 'string' && device.length <= 64)) &&
    (price === undefined || (typeof price === 'number' && price >= 0 && price < Infinity))
  )
}

function isValueOf(type: number, value: number): boolean {
  if (type === rating) return value >= 1 && value <= 5
  if (type === feedback) return value === 1 || value === -1
  return Number.isFinite(value)
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value)
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && value.length <= 128 && idPattern.test(value)
}

/** An order's or a session's; absent is fine. */
function isName(value: unknown): value is string | undefined {
  return value === undefined || (typeof value === 'string' && value.length >= 1 && value.length <= 128)
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function typeNumber(type: (typeof eventTypes)[number]): number {
  return eventTypes.indexOf(type)
}

const anyDay = '(?:0[1-9]|1[0-2])-(?:0[1-9]|1\\d|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31'
const timePattern = new RegExp(
  `^(?:19[7-9]\\d|20\\d\\d)-(?:${anyDay})T(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d{3})?Z$`,
)
const twoDigitsOf = (text: string, at: number) => 10 * text.charCodeAt(at) + text.charCodeAt(at + 1) - 11 * 48

/** Milliseconds since 1970 of a time in UTC, to the second or the millisecond; leap days are left to the schemas. */
function millisecondsOf(text: string): number | undefined {
  if (!timePattern.test(text)) return undefined
  const year = 100 * twoDigitsOf(text, 0) + twoDigitsOf(text, 2)
  const day = Date.UTC(year, twoDigitsOf(text, 5) - 1, twoDigitsOf(text, 8))
  const seconds = 3600 * twoDigitsOf(text, 11) + 60 * twoDigitsOf(text, 14) + twoDigitsOf(text, 17)
  return day + 1000 * seconds + (text.length === 24 ? Number(text.slice(20, 23)) : 0)
}
