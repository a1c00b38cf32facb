import { z } from 'zod'
import { acceptInteractions } from '../../ingest/accept-interactions.ts'
import type { Ports } from '../../ports.ts'
import { AcceptedInteractions } from '../../schemas/answers.ts'
import { InteractionsBody } from '../../schemas/interactions-body.ts'
import { access, type Person } from '../access.ts'
import { type Endpoint, endpoint } from '../endpoint.ts'

const bodyLimitBytes = 1024 * 1024

export const postInteractions = ({ ports }: { ports: Pick<Ports, 'eventLog' | 'clock' | 'uuid'> }): Endpoint =>
  endpoint({
    name: 'interactions',
    method: 'POST',
    path: '/api/interactions',
    access: access.told,
    group: 'events',
    summary: 'Takes in what shoppers do: one event, or an array of up to 1,000',
    input: { body: z.unknown(), bodyForm: InteractionsBody, bodyLimitBytes },
    status: 202,
    output: AcceptedInteractions,
    persons: ({ body }) => [body].flat().map(personOf),
    run: async ({ body }) => {
      const { eventIds, rejected } = await acceptInteractions(body, ports)
      return { body: { accepted: eventIds.length, event_ids: eventIds, rejected } }
    },
  })

/** Each read on its own: where one is no text, the other still says whose the event is. */
const Named = z.object({ user_id: z.string().optional().catch(''), session_id: z.string().optional().catch('') })

/** Who an event says it is of; an id that is no text is nobody's own, and what is no object is refused as an event. */
function personOf(event: unknown): Person {
  const { user_id: userId, session_id: sessionId } = Named.safeParse(event).data ?? {}
  return { userId, sessionId }
}
