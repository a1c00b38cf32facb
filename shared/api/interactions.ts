import { z } from 'zod'
import { acceptInteractions } from '../ingest/accept-interactions.ts'
import type { Ports } from '../ports.ts'
import { AcceptedInteractions } from '../schemas/answers.ts'
import { NoPath, NoQuery } from '../schemas/requests.ts'
import { type Endpoint, endpoint } from './endpoint.ts'

const bodyLimitBytes = 1024 * 1024

export const postInteractions = ({ ports }: { ports: Pick<Ports, 'eventLog' | 'clock' | 'uuid'> }): Endpoint =>
  endpoint({
    name: 'interactions',
    method: 'POST',
    path: '/api/interactions',
    auth: 'public',
    summary: 'Takes in what shoppers do: one event, or an array of up to 1,000',
    input: { path: NoPath, query: NoQuery, body: z.unknown(), bodyLimitBytes },
    output: AcceptedInteractions,
    run: async ({ body }) => {
      const { eventIds, rejected } = await acceptInteractions(body, ports)
      return { status: 202, body: { accepted: eventIds.length, event_ids: eventIds, rejected } }
    },
  })
