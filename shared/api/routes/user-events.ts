import { z } from 'zod'
import { acceptInteractions } from '../../ingest/accept-interactions.ts'
import type { Ports } from '../../ports.ts'
import { AcceptedInteractions } from '../../schemas/answers.ts'
import { guestSession } from '../../schemas/ids.ts'
import { eventTypes } from '../../schemas/interaction.ts'
import type { RecentEvent } from '../../schemas/profile.ts'
import { UserPath } from '../../schemas/requests.ts'
import { FeedbackBody, UserInteractions, UserInteractionsQuery } from '../../schemas/users.ts'
import type { Shop } from '../../serving/shop.ts'
import { access } from '../access.ts'
import { type Endpoint, endpoint } from '../endpoint.ts'
import { placeAt, placeCursorOf } from '../lists/place-cursor.ts'

export const userInteractions = ({ shop }: { shop: Shop }): Endpoint =>
  endpoint({
    name: 'user-interactions',
    method: 'GET',
    path: '/api/users/{id}/interactions',
    access: access.personal,
    group: 'users',
    summary: 'What a user did of late, the newest first: the last 50 events are kept at hand',
    input: { path: UserPath, query: UserInteractionsQuery },
    output: UserInteractions,
    persons: ({ path }) => [{ userId: path.id }],
    run: async ({ path: { id }, query: { limit, cursor, event_type: type } }) => {
      const after = cursor === undefined ? undefined : placeAt(cursor, order, placeOf)
      const isErased = await shop.isErased(id)
      const [profile, { items }] = await Promise.all([isErased ? undefined : shop.profile(id), shop.catalogue()])
      const found = (profile?.recent ?? [])
        .filter(([, code]) => type === undefined || eventTypes[code] === type)
        .filter(event => after === undefined || compare(placeOfEvent(event), after) > 0)
        .sort((a, b) => compare(placeOfEvent(a), placeOfEvent(b)))
      const last = found.length > limit ? found[limit - 1] : undefined
      return {
        body: {
          items: found.slice(0, limit).map(([itemId, code, second, , value]) => ({
            ...{ item_id: itemId, name: items.get(itemId)?.name ?? null, event_type: eventTypes[code] ?? 'unknown' },
            ...{ ts: new Date(second * 1000).toISOString(), value: value ?? null },
          })),
          next_cursor: last ? placeCursorOf(order, placeOfEvent(last)) : null,
        },
      }
    },
  })

export const postFeedback = ({ ports }: { ports: Pick<Ports, 'eventLog' | 'clock' | 'uuid'> }): Endpoint =>
  endpoint({
    name: 'feedback',
    method: 'POST',
    path: '/api/users/{id}/feedback',
    access: access.told,
    group: 'users',
    summary: 'A thumb up or down for an item, taken in as an event: what has a thumb down is listed no more',
    input: { path: UserPath, body: FeedbackBody },
    status: 202,
    output: AcceptedInteractions,
    persons: ({ path }) => [{ userId: path.id }],
    run: async ({ path: { id }, body }) => {
      const { item_id: itemId = body.product_id, value, recommendation_id } = body
      const event = {
        ...{ event_type: 'feedback', user_id: id, session_id: guestSession(id), item_id: itemId },
        ...{ value: value === 'up' ? 1 : -1, recommendation_id },
      }
      const { eventIds, rejected } = await acceptInteractions(event, ports)
      return { body: { accepted: eventIds.length, event_ids: eventIds, rejected } }
    },
  })

/** The newest first; of one second by the event's id. */
const order = '-ts'
type Place = readonly [second: number, shortEventId: string]

const placeOfEvent = ([, , second, shortId]: RecentEvent): Place => [second, shortId]
const compare = ([a, x]: Place, [b, y]: Place): number => b - a || (x < y ? -1 : x > y ? 1 : 0)

function placeOf(raw: unknown[]): Place | undefined {
  return z.tuple([z.number(), z.string()]).safeParse(raw).data
}
