import type { Ports } from '../ports.ts'
import type { LiveTombstones } from '../privacy/tombstones/live-tombstones.ts'
import { fieldErrors } from '../schemas/errors.ts'
import {
  clockError,
  type Interaction,
  InteractionEvent,
  isLogin,
  toInteraction,
  toLogin,
} from '../schemas/interaction.ts'
import type { Profile } from '../schemas/profile.ts'
import { interactionsHub } from './accept-interactions.ts'
import type { UserEvent } from './applied-profile.ts'
import { inBatchTrace } from './batch-trace.ts'
import type { CounterWriter } from './counter-writer.ts'
import { type Delivered, type Sequenced, soundEvent } from './delivered.ts'
import { permittedEvents } from './permitted-events.ts'
import type { ProfileWriter } from './profile-writer.ts'
import { type Refused, writeDeadLetter } from './segments/write-dead-letter.ts'
import { writeSegment } from './segments/write-segment.ts'
import { shortEventId } from './short-event-id.ts'
import { tellTaken } from './tell-taken.ts'

export interface IngestSummary {
  partition: string
  read: number
  stored: number
  rejected: number
  /** Of people who were erased, and of people who opted out of being tracked: nothing of them is kept. */
  erased: number
  declined: number
  users: number
  requestUnits: number
  durationMs: number
}

/** What events move. */
export interface Reactions {
  profiles: ProfileWriter
  counters: CounterWriter
  /** Who was erased; without it, nobody. */
  tombstones?: Pick<LiveTombstones, 'current'>
  /** What follows from the profiles once they are stored; it may fail no batch and must be repeatable. */
  onProfiles?: (batch: {
    profiles: ReadonlyMap<string, Profile>
    interactions: readonly Interaction[]
  }) => Promise<void>
}

/**
 * Takes in one batch of one partition: a segment for bronze and the dead letter first, then the reactions, all
 * repeatable: files are named by partition and sequence numbers, and documents skip sequence numbers they hold already.
 * read = stored + rejected + erased + declined.
 */
export const ingestBatch = (
  batch: { partition: string; events: readonly Delivered[] },
  to: Reactions,
  ports: Ports,
): Promise<IngestSummary> =>
  inBatchTrace('ingest', batch.events, {
    telemetry: ports.telemetry,
    work: async joined => {
      const summary = await ingested(batch, to, ports)
      tellTaken(interactionsHub, { summary, events: batch.events }, ports)
      ports.log.info({ stage: 'ingest', ...summary, ...joined })
      return summary
    },
  })

async function ingested(
  { partition, events }: { partition: string; events: readonly Delivered[] },
  to: Reactions,
  ports: Ports,
): Promise<IngestSummary> {
  const started = ports.clock()
  const documents = ports.documents.metered()
  const permitted = await permittedEvents(events.map(soundEvent), {
    documents,
    tombstones: await to.tombstones?.current(),
  })
  const { good, bad } = sorted(permitted.events)
  await Promise.all([
    writeSegment(interactionsHub, { partition, events: good }, ports),
    writeDeadLetter(interactionsHub, { partition, refused: bad }, ports),
  ])

  const taken = good.map(each => sequenced(each, ports))
  const interests = taken.flatMap(event => ('login' in event || !showsInterest(event) ? [] : [event]))
  const reacted = async () => {
    const profiles = await to.profiles.apply(partition, taken, documents)
    await to.onProfiles?.({ profiles, interactions: interests.map(({ interaction }) => interaction) })
    return profiles
  }
  const [profiles] = await Promise.all([reacted(), to.counters.apply(partition, interests, documents)])
  const summary: IngestSummary = {
    partition,
    read: events.length,
    stored: good.length,
    rejected: bad.length,
    erased: permitted.erased,
    declined: permitted.declined,
    users: profiles.size,
    requestUnits: Math.round(documents.requestUnits * 10) / 10,
    durationMs: ports.clock() - started,
  }
  return summary
}

interface Good extends Delivered {
  event: InteractionEvent
}

function sequenced({ sequenceNumber, enqueuedAt, event }: Good, { sha256 }: Pick<Ports, 'sha256'>): UserEvent {
  if (isLogin(event)) return { sequenceNumber, login: toLogin(event) }
  const shortId = shortEventId(event.event_id, sha256)
  return { sequenceNumber, enqueuedAt: Date.parse(enqueuedAt), interaction: toInteraction(event), shortId }
}

/** That something was shown is no interest of the shopper's: it makes nothing popular. */
const showsInterest = ({ interaction }: Sequenced) => interaction.type !== 'impression'

function sorted(events: readonly Delivered[]): { good: Good[]; bad: Refused[] } {
  const good: Good[] = []
  const bad: Refused[] = []
  for (const delivered of events) {
    if (delivered.broken) {
      bad.push({ ...delivered, reasons: [delivered.broken] })
      continue
    }
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
