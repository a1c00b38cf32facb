import { z } from 'zod'
import { OrderLine } from '../schemas/catalogue.ts'
import { eventTypes, InteractionEvent, toInteraction } from '../schemas/interaction.ts'
import type { FeedbackLine } from './feedback-columns.ts'

const BronzeInteraction = z.object({ event: InteractionEvent })
const BronzeOrder = z.object({ order: OrderLine })
const purchaseType = eventTypes.indexOf('purchase')

/** A line of `bronze/orders/`. @throws ZodError when it is not what bronze holds */
export function orderLine(raw: unknown): FeedbackLine {
  const { order } = BronzeOrder.parse(raw)
  const { order_id: orderId, user_id: userId, item_id: itemId, ordered_at: orderedAt } = order
  return {
    ...{ userId, itemId, type: purchaseType, at: Date.parse(orderedAt), value: 0 },
    ...{ basket: orderBasket(orderId), identity: purchaseIdentity(orderId, itemId) },
  }
}

/**
 * A line of `bronze/interactions/`. A purchase without an order belongs to its session's basket, or else to the user's
 * day (F14).
 * @throws ZodError when it is not what bronze holds
 */
export function interactionLine(raw: unknown): FeedbackLine {
  const interaction = toInteraction(BronzeInteraction.parse(raw).event)
  const { userId, itemId, type, at, orderId, sessionId, value = 0, eventId } = interaction
  const isPurchase = type === 'purchase'
  const place =
    orderId === undefined
      ? sessionBasket(sessionId ?? dayOf(userId, new Date(at).toISOString().slice(0, 10)))
      : orderBasket(orderId)
  return {
    ...{ userId, itemId, type: eventTypes.indexOf(type), at, value },
    basket: isPurchase ? place : undefined,
    identity: isPurchase && orderId !== undefined ? purchaseIdentity(orderId, itemId) : eventId,
  }
}

/** An order line and the purchase event of the same order and item are one. */
export const purchaseIdentity = (orderId: string, itemId: string) => `${orderId}\n${itemId}`
export const orderBasket = (orderId: string) => `order ${orderId}`
export const sessionBasket = (place: string) => `session ${place}`
export const dayOf = (userId: string, day: string) => `${userId} ${day}`
