import { z } from 'zod'
import type { FieldError } from './errors.ts'
import { EventUserId, guestId, ItemId, isGuest, UserId } from './ids.ts'

/**
 * What a shopper can do with an item, and that it was shown to them in a list: `impression`, which is no sign of interest.
 * Profiles store a type by its place: append, never insert.
 */
export const eventTypes = ['view', 'click', 'add_to_cart', 'purchase', 'rating', 'feedback', 'impression'] as const
export type EventType = (typeof eventTypes)[number]

/** The newest version of the event contract; `upcast` brings older events here. */
export const interactionSchemaVersion = 1

const timestamp = z.iso.datetime({ offset: true, error: 'must be an ISO 8601 date-time with Z or an offset' })

const Context = z.looseObject({
  referrer: z.string().max(2048).optional(),
  device: z.string().max(64).optional(),
  price: z.number().nonnegative().optional(),
})

const envelope = {
  schema_version: z.literal(interactionSchemaVersion, {
    error: `must be ${interactionSchemaVersion}, the only version of the event contract`,
  }),
  event_id: z.uuid({ error: 'must be a UUID' }),
  ts: timestamp,
}
/** What a sender over HTTP may leave to the server. */
const postedEnvelope = {
  schema_version: envelope.schema_version.optional(),
  event_id: envelope.event_id.optional(),
  ts: timestamp.optional(),
}
const SessionId = z.string().min(1).max(128)
const itemFields = {
  event_type: z.enum(eventTypes),
  user_id: EventUserId,
  session_id: SessionId.optional(),
  item_id: ItemId,
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
/** Whose session it was: what it did without a `user_id`, before and after, is the user's. */
const loginFields = {
  event_type: z.literal('login'),
  user_id: UserId,
  session_id: SessionId,
  context: Context.optional(),
}
const typeRule = `must be one of ${[...eventTypes, 'login'].join(', ')}`
const byType = { error: ({ code }: { code?: string }) => (code === 'invalid_union' ? typeRule : undefined) }

/**
 * One event as it travels and is archived: JSON, snake_case, unknown fields kept. Without a `user_id` it is that of the
 * visitor its `session_id` names. A `login` has both and no item.
 * A `rating` carries `value` from 1 to 5; `feedback` (thumbs) carries `value` -1 or 1. An `impression` carries
 * `recommendation_id`, `position` and `propensity`; what follows it may name the list too.
 */
export const InteractionEvent = z.preprocess(
  acceptAliases,
  z
    .discriminatedUnion(
      'event_type',
      [z.looseObject({ ...envelope, ...itemFields }), z.looseObject({ ...envelope, ...loginFields })],
      byType,
    )
    .superRefine(checkByType),
)
export type InteractionEvent = z.infer<typeof InteractionEvent>

/** `POST /api/interactions`: the sender may leave `event_id`, `ts` and `schema_version` to the server. */
export const PostedInteraction = z.preprocess(
  acceptAliases,
  z
    .discriminatedUnion(
      'event_type',
      [z.looseObject({ ...postedEnvelope, ...itemFields }), z.looseObject({ ...postedEnvelope, ...loginFields })],
      byType,
    )
    .superRefine(checkByType),
)

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

/** A session turned out to be a user's. */
export interface Login {
  userId: UserId
  /** The user the session's events without a `user_id` belonged to so far. */
  guestId: UserId
}

/** A shop's clock may run ahead of ours by this much; an event beyond it would outlive every honest one. */
const aheadMaxMs = 24 * 3_600_000

/** What is wrong with an event's time as seen at `nowMs`, if anything. */
export function clockError(event: { ts: string }, nowMs: number): FieldError | undefined {
  if (Date.parse(event.ts) <= nowMs + aheadMaxMs) return undefined
  return { code: 'invalid', field: 'ts', value: event.ts, reason: 'must not lie more than a day in the future' }
}

type LoginEvent = Extract<InteractionEvent, { event_type: 'login' }>
export type ItemEvent = Exclude<InteractionEvent, LoginEvent>

export const isLogin = (event: InteractionEvent): event is LoginEvent => event.event_type === 'login'

/** Translates a checked event to the code's own form. */
export function toInteraction(event: ItemEvent): Interaction {
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

export function toLogin({ user_id: userId, session_id: sessionId }: LoginEvent): Login {
  return { userId, guestId: UserId.parse(guestId(sessionId)) }
}

/** `product_id` is accepted wherever a client means `item_id`; who has no `user_id` is known by the session. */
function acceptAliases(raw: unknown): unknown {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return raw
  const event: Record<string, unknown> = { ...raw }
  if (!('item_id' in event) && 'product_id' in event) {
    event.item_id = event.product_id
    delete event.product_id
  }
  const isUnnamed = event.user_id === undefined || event.user_id === null
  if (isUnnamed && event.event_type !== 'login' && typeof event.session_id === 'string') {
    event.user_id = guestId(event.session_id)
  }
  return event
}

/** What an impression is worthless without. */
const shown = {
  recommendation_id: 'a text',
  position: 'a whole number from 1',
  propensity: 'above 0 and up to 1',
} as const

interface TypedFields {
  event_type: EventType | 'login'
  user_id: string
  session_id?: string | undefined
  value?: number | undefined
  recommendation_id?: string | undefined
  position?: number | undefined
  propensity?: number | undefined
}

function checkByType(event: TypedFields, context: z.RefinementCtx): void {
  const { event_type: type, user_id: userId, session_id: sessionId, value } = event
  if (type === 'login') {
    checkLogin({ userId, sessionId }, context)
    return
  }
  if (isGuest(userId) && userId !== guestId(sessionId ?? '')) {
    const message = 'must not begin with session: as this names visitors: leave it out and give session_id'
    context.addIssue({ code: 'custom', path: ['user_id'], message, input: userId })
  }
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

function checkLogin(of: { userId: string; sessionId: string | undefined }, context: z.RefinementCtx): void {
  if (isGuest(of.userId)) {
    const message = 'must be a user who is known, not a visitor'
    context.addIssue({ code: 'custom', path: ['user_id'], message, input: of.userId })
  }
  if (!UserId.safeParse(guestId(of.sessionId ?? '')).success) {
    const message = 'must be 1 to 120 characters without / \\ ? # or control characters for a login'
    context.addIssue({ code: 'custom', path: ['session_id'], message, input: of.sessionId })
  }
}
