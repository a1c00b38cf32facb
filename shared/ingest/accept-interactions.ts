import type { Ports } from '../ports.ts'
import { AppError, type FieldError, fieldErrors } from '../schemas/errors.ts'
import { clockError, InteractionEvent, interactionSchemaVersion, PostedInteraction } from '../schemas/interaction.ts'

/** The hub that interactions travel through, partitioned by user id. */
export const interactionsHub = 'interactions'
const eventsPerRequestMax = 1000

export interface Accepted {
  /** Event ids of what was accepted, in the order sent. */
  eventIds: string[]
  /** What was refused, by its index in the request: nothing of it went further. */
  rejected: ({ index: number } & FieldError)[]
}

/**
 * Checks posted events and gives the good ones to the event log; resolves when they are stored there.
 * Accepted and rejected add up to what was sent.
 * @throws AppError `invalid_body` when nothing of it can be accepted
 */
export async function acceptInteractions(
  body: unknown,
  { eventLog, clock, uuid }: Pick<Ports, 'eventLog' | 'clock' | 'uuid'>,
): Promise<Accepted> {
  const sent = Array.isArray(body) ? body : [body]
  if (sent.length === 0 || sent.length > eventsPerRequestMax) {
    const reason = `must hold 1 to ${eventsPerRequestMax} events`
    const found: FieldError = { code: 'invalid', field: '(body)', value: sent.length, reason }
    throw new AppError('invalid_body', `Cannot accept the events as the request ${reason}: it holds ${sent.length}`, [
      found,
    ])
  }
  const now = new Date(clock()).toISOString()
  const events: InteractionEvent[] = []
  const rejected: Accepted['rejected'] = []
  for (const [index, raw] of sent.entries()) {
    const posted = PostedInteraction.safeParse(raw)
    if (!posted.success) {
      rejected.push(
        ...fieldErrors(posted.error, raw)
          .slice(0, 1)
          .map(error => ({ index, ...error })),
      )
      continue
    }
    const { schema_version = interactionSchemaVersion, event_id = uuid(), ts = now, ...rest } = posted.data
    const ahead = clockError({ ts }, clock())
    if (ahead) rejected.push({ index, ...ahead })
    else events.push(InteractionEvent.parse({ schema_version, event_id, ts, ...rest }))
  }
  if (events.length === 0) {
    const [first] = rejected
    throw new AppError('invalid_body', `Cannot accept the event as ${first?.field} ${first?.reason}`, rejected)
  }
  await eventLog.append(
    interactionsHub,
    events.map(event => ({ key: event.user_id, body: event })),
  )
  return { eventIds: events.map(event => event.event_id), rejected }
}
