import { z } from 'zod'
import { ItemId, UserId } from './ids.ts'
import { eventTypes } from './interaction.ts'

const SessionId = z.string().min(1).max(128)

/** What an event has to have to be worth looking at; the event contract says the rest, event by event. */
const SentEvent = z
  .looseObject({
    event_type: z.enum([...eventTypes, 'login']),
    user_id: UserId.nullish().describe('The shop’s name of the shopper; without it, session_id says whose event it is'),
    session_id: SessionId.optional().describe('A visitor’s session; a login ties it to its user_id'),
    item_id: ItemId.optional().describe('Of every event but a login; product_id is taken for it'),
    quantity: z.int().min(1).max(1_000_000).optional(),
    order_id: z.string().min(1).max(128).optional(),
    value: z.number().optional().describe('1 to 5 of a rating; -1 or 1 of feedback'),
    ts: z.iso.datetime({ offset: true }).optional().describe('When it happened; without it, when it arrived'),
    event_id: z.uuid().optional().describe('Makes a repeat harmless; without it, one is given'),
    recommendation_id: z.string().min(1).max(128).optional().describe('The list that led to it'),
    position: z.int().min(1).max(10_000).optional().describe('Place in that list, from 1'),
    propensity: z.number().positive().max(1).optional().describe('With which the item was shown there'),
  })
  .describe('Fields that are not named here are kept as they are')

/** The body of `POST /api/interactions`: each event is taken or refused by itself. */
export const InteractionsBody = z.union([SentEvent, z.array(SentEvent).min(1).max(1000)])
