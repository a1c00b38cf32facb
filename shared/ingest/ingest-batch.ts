import type { Ports } from '../ports.ts'
import { fieldErrors } from '../schemas/errors.ts'
import { clockError, InteractionEvent, toInteraction } from '../schemas/interaction.ts'
import { interactionsHub } from './accept-interactions.ts'
import type { CounterWriter } from './counter-writer.ts'
import type { Delivered } from './delivered.ts'
import type { ProfileWriter } from './profile-writer.ts'
import { type Refused, writeDeadLetter } from './segments/write-dead-letter.ts'
import { writeSegment } from './segments/write-segment.ts'
import { shortEventId } from './short-event-id.ts'

export interface IngestSummary {
  partition: string
  read: number
  stored: number
  rejected: number
  users: number
  requestUnits: number
  durationMs: number
}

/**
 * Takes in one batch of one partition: a segment for bronze and the dead letter first, then the reactions, all
 * repeatable: files are named by partition and sequence numbers, and documents skip sequence numbers they hold already.
 * read = stored + rejected.
 */
export async function ingestBatch(
  { partition, events }: { partition: string; events: readonly Delivered[] },
  to: { profiles: ProfileWriter; counters: CounterWriter },
  ports: Ports,
): Promise<IngestSummary> {
  const started = ports.clock()
  const documents = ports.documents.metered()
  const { good, bad } = sorted(events)
  await Promise.all([
    writeSegment(interactionsHub, { partition, events: good }, ports),
    writeDeadLetter(interactionsHub, { partition, refused: bad }, ports),
  ])

  const interactions = good.filter(showsInterest).map(({ sequenceNumber, enqueuedAt, event }) => ({
    sequenceNumber,
    enqueuedAt: Date.parse(enqueuedAt),
    interaction: toInteraction(event),
    shortId: shortEventId(event.event_id, ports.sha256),
  }))
  const [users] = await Promise.all([
    to.profiles.apply(partition, interactions, documents),
    to.counters.apply(partition, interactions, documents),
  ])
  const summary: IngestSummary = {
    partition,
    read: events.length,
    stored: good.length,
    rejected: bad.length,
    users,
    requestUnits: Math.round(documents.requestUnits * 10) / 10,
    durationMs: ports.clock() - started,
  }
  ports.log.info({ stage: 'ingest', ...summary })
  return summary
}

interface Good extends Delivered {
  event: InteractionEvent
}

/** That something was shown is no interest of the shopper's: bronze keeps it, and nothing moves by it. */
const showsInterest = ({ event }: Good) => event.event_type !== 'impression'

function sorted(events: readonly Delivered[]): { good: Good[]; bad: Refused[] } {
  const good: Good[] = []
  const bad: Refused[] = []
  for (const delivered of events) {
    const parsed = InteractionEvent.safeParse(delivered.body)
    if (!parsed.success) {
      bad.push({ ...delivered, reasons: fieldErrors(parsed.error, delivered.body) })
      continue
    }
    const ahead = clockError(parsed.data, Date.parse(delivered.enqueuedAt))
    if (ahead) bad.push({ ...delivered, reasons: [ahead] })
    else good.push({ ...delivered, event: parsed.data })
  }
  return { good, bad }
}
