import type { Ports } from '../ports.ts'
import { fieldErrors } from '../schemas/errors.ts'
import { clockError, InteractionEvent, toInteraction } from '../schemas/interaction.ts'
import type { CounterWriter } from './counter-writer.ts'
import type { Delivered } from './delivered.ts'
import type { ProfileWriter } from './profile-writer.ts'
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
 * Takes in one batch of one partition: bronze and the dead letter first, then the reactions, all repeatable. Files are
 * named by partition and first sequence number, so that a redelivered batch overwrites itself; documents skip sequence
 * numbers they hold already. read = stored + rejected.
 */
export async function ingestBatch(
  batch: { partition: string; events: readonly Delivered[] },
  to: { profiles: ProfileWriter; counters: CounterWriter },
  ports: Ports,
): Promise<IngestSummary> {
  const started = ports.clock()
  const documents = ports.documents.metered()
  const { good, bad } = sorted(batch.events)
  await Promise.all([writeBronze(batch.partition, good, ports), writeDeadLetter(batch.partition, bad, ports)])

  const interactions = good.map(({ sequenceNumber, enqueuedAt, event }) => ({
    sequenceNumber,
    enqueuedAt: Date.parse(enqueuedAt),
    interaction: toInteraction(event),
    shortId: shortEventId(event.event_id, ports.sha256),
  }))
  const [users] = await Promise.all([
    to.profiles.apply(batch.partition, interactions, documents),
    to.counters.apply(batch.partition, interactions, documents),
  ])
  const summary: IngestSummary = {
    partition: batch.partition,
    read: batch.events.length,
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
interface Bad extends Delivered {
  reasons: { field: string; reason: string; value: unknown }[]
}

function sorted(events: readonly Delivered[]): { good: Good[]; bad: Bad[] } {
  const good: Good[] = []
  const bad: Bad[] = []
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

async function writeBronze(partition: string, good: readonly Good[], { blobs, clock, sha256 }: Ports): Promise<void> {
  const first = good[0]
  if (!first) return
  const path = fileName('bronze/interactions', partition, first)
  const ingestedAt = new Date(clock()).toISOString()
  const lines = good.map(({ sequenceNumber, enqueuedAt, body }) => {
    const raw = JSON.stringify(body)
    return `{"_partition":${JSON.stringify(partition)},"_sequence_number":${sequenceNumber},"_enqueued_at":"${enqueuedAt}","_ingested_at":"${ingestedAt}","_batch_id":"${partition}-${first.sequenceNumber}","_row_hash":"${sha256(raw)}","event":${raw}}\n`
  })
  await blobs.write(path, Buffer.from(lines.join('')))
}

async function writeDeadLetter(partition: string, bad: readonly Bad[], { blobs, clock }: Ports): Promise<void> {
  const first = bad[0]
  if (!first) return
  const rejectedAt = new Date(clock()).toISOString()
  const lines = bad.map(({ sequenceNumber, enqueuedAt, reasons, body }) =>
    JSON.stringify({
      partition,
      sequence_number: sequenceNumber,
      enqueued_at: enqueuedAt,
      rejected_at: rejectedAt,
      reasons,
      body,
    }),
  )
  await blobs.write(fileName('dead-letter/interactions', partition, first), Buffer.from(`${lines.join('\n')}\n`))
}

function fileName(folder: string, partition: string, { sequenceNumber, enqueuedAt }: Delivered): string {
  const day = enqueuedAt.slice(0, 10)
  return `${folder}/date=${day}/${partition}-${sequenceNumber.toString().padStart(12, '0')}.ndjson`
}
