import { z } from 'zod'
import type { FieldError } from './errors.ts'
import { ItemId, UserId } from './ids.ts'

/**
 * What a shopper can do with an item, and that it was shown to them in a list: `impression`, which is no sign of interest.
 * Profiles store a type by its place: append, never insert.
 */
export const eventTypes = ['view', 'click', 'add_to_cart', 'purchase', 'rating', 'feedback', 'impression'] as const
export const EventType = z.enum(eventTypes, { error: `must be one of ${eventTypes.join(', ')}` })
export type EventType = z.infer<typeof EventType>

/** The newest version of the event contract; `upcast` brings older events here. */
export const interactionSchemaVersion = 1

const timestamp = z.iso.datetime({ offset: true, error: 'must be an ISO 8601 date-time with Z or an offset' })

const Context = z.looseObject({
  referrer: z.string().max(2048).optional(),
  device: z.string().max(64).optional(),
  price: z.number().nonnegative().optional(),
})

const fields = {
  schema_version: z.literal(interactionSchemaVersion, {
    error: `must be ${interactionSchemaVersion}, the only version of the event contract`,
  }),
  event_id: z.uuid({ error: 'must be a UUID' }),
  user_id: UserId,
  session_id: z.string().min(1).max(128).optional(),
  event_type: EventType,
  item_id: ItemId,
  ts: timestamp,
  quantity: z.int().min(1).max(1_000_000).optional(),
  order_id: z.string().min(1).max(128).optional(),
  value: z.number().optional(),
  /** The list that was shown, or that led to this. */
  recommendation_id: z.string().min(1).max(128).optional(),
  /** Place in that list, from 1. */
  position: z.int().min(1).max(10_000).optional(),
  /** Probability with which the item was shown there. */
  propensity: z.number().positive().max(1).optional(),
  context: Context.optional(),
}

/**
 * One event as it travels and is archived: JSON, snake_case, unknown fields kept.
 * A `rating` carries `value` from 1 to 5; `feedback` (thumbs) carries `value` -1 or 1. An `impression` carries
 * `recommendation_id`, `position` and `propensity`; what follows it may name the list too.
 */
export const InteractionEvent = z.preprocess(acceptAliases, z.looseObject(fields).superRefine(checkByType))
export type InteractionEvent = z.infer<typeof InteractionEvent>

/** `POST /api/interactions`: the sender may leave `event_id`, `ts` and `schema_version` to the server. */
export const PostedInteraction = z.preprocess(
  acceptAliases,
  z
    .looseObject({
      ...fields,
      schema_version: fields.schema_version.optional(),
      event_id: fields.event_id.optional(),
      ts: timestamp.optional(),
    })
    .superRefine(checkByType),
)
export type PostedInteraction = z.infer<typeof PostedInteraction>

/** An event as the code handles it: milliseconds instead of text, absent means undefined. */
export interface Interaction {
  eventId: string
  userId: UserId
  itemId: ItemId
  type: EventType
  /** Milliseconds since 1970. */
  at: number
  sessionId: string | undefined
  orderId: string | undefined
  quantity: number
  value: number | undefined
}

/** A shop's clock may run ahead of ours by this much; an event beyond it would outlive every honest one. */
const aheadMaxMs = 24 * 3_600_000

/** What is wrong with an event's time as seen at `nowMs`, if anything. */
export function clockError(event: { ts: string }, nowMs: number): FieldError | undefined {
  if (Date.parse(event.ts) <= nowMs + aheadMaxMs) return undefined
  return { code: 'invalid', field: 'ts', value: event.ts, reason: 'must not lie more than a day in the future' }
}

/** Translates a checked event to the code's own form. */
export function toInteraction(event: InteractionEvent): Interaction {
  return {
    eventId: event.event_id,
    userId: event.user_id,
    itemId: event.item_id,
    type: event.event_type,
    at: Date.parse(event.ts),
    sessionId: event.session_id,
    orderId: event.order_id,
    quantity: event.quantity ?? 1,
    value: event.value,
  }
}

/** `product_id` is accepted wherever a client means `item_id`. */
function acceptAliases(raw: unknown): unknown {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return raw
  if ('item_id' in raw || !('product_id' in raw)) return raw
  const { product_id, ...rest } = raw
  return { ...rest, item_id: product_id }
}

/** What an impression is worthless without. */
const shown = {
  recommendation_id: 'a text',
  position: 'a whole number from 1',
  propensity: 'above 0 and up to 1',
} as const

interface TypedFields {
  event_type: EventType
  value?: number | undefined
  recommendation_id?: string | undefined
  position?: number | undefined
  propensity?: number | undefined
}

function checkByType(event: TypedFields, context: z.RefinementCtx): void {
  const { event_type: type, value } = event
  if (type === 'rating' && !(value !== undefined && value >= 1 && value <= 5)) {
    context.addIssue({
      code: 'custom',
      path: ['value'],
      message: 'must be a number from 1 to 5 for a rating',
      input: value,
    })
  }
  if (type === 'feedback' && value !== -1 && value !== 1) {
    context.addIssue({ code: 'custom', path: ['value'], message: 'must be -1 or 1 for feedback', input: value })
  }
  if (type !== 'impression') return
  for (const field of ['recommendation_id', 'position', 'propensity'] as const) {
    if (event[field] !== undefined) continue
    const message = `must be ${shown[field]} for an impression`
    context.addIssue({ code: 'custom', path: [field], message, input: undefined })
  }
}
