import { z } from 'zod'
import type { Ports } from '../../ports.ts'
import { type LiveTombstones, noTombstones } from '../../privacy/tombstones/live-tombstones.ts'
import { CatalogueChange } from '../../schemas/catalogue-change.ts'
import { fieldErrors } from '../../schemas/errors.ts'
import { clockError } from '../../schemas/interaction.ts'
import { inBatchTrace } from '../batch-trace.ts'
import { type Delivered, soundEvent } from '../delivered.ts'
import { type Refused, writeDeadLetter } from '../segments/write-dead-letter.ts'
import { writeSegment } from '../segments/write-segment.ts'
import { tellTaken } from '../tell-taken.ts'
import { applyChanges, type PlacedChange } from './apply-changes.ts'
import { catalogChangesHub } from './catalog-changes-hub.ts'
import type { CustomerChange, ItemChange } from './change-steps.ts'
import { maskChange } from './mask-change.ts'

export interface ChangesSummary {
  partition: string
  read: number
  stored: number
  rejected: number
  /** Of customers who were erased: nothing of them is kept. */
  erased: number
  /** Documents that the changes were new to. */
  documents: number
  requestUnits: number
  durationMs: number
}

export interface ChangesOptions {
  /** Key of the pseudonyms that stand for e-mails. */
  pseudonymKey: string
  /** Who was erased; without it, nobody. */
  tombstones?: Pick<LiveTombstones, 'current'>
}

/**
 * Takes in one batch of one partition of `catalog-changes`: masked, then kept for bronze or as dead letters, then applied
 * to the documents that serve them; all repeatable. read = stored + rejected + erased.
 */
export const ingestChanges = (
  batch: { partition: string; events: readonly Delivered[] },
  options: ChangesOptions,
  ports: Ports,
): Promise<ChangesSummary> =>
  inBatchTrace('ingest-changes', batch.events, {
    telemetry: ports.telemetry,
    work: async joined => {
      const summary = await ingested(batch, options, ports)
      tellTaken(catalogChangesHub, { summary, events: batch.events }, ports)
      ports.log.info({ stage: 'ingest-changes', ...summary, ...joined })
      return summary
    },
  })

async function ingested(
  { partition, events }: { partition: string; events: readonly Delivered[] },
  { pseudonymKey, tombstones }: ChangesOptions,
  ports: Ports,
): Promise<ChangesSummary> {
  const started = ports.clock()
  const documents = ports.documents.metered()
  const alive = notErased(events.map(soundEvent), await tombstones?.current())
  const masked = alive.map(event => ({ ...event, body: maskChange(event.body, pseudonymKey) }))
  const { good, items, customers, refused } = sorted(masked)
  await Promise.all([
    writeSegment(catalogChangesHub, { partition, events: good }, ports),
    writeDeadLetter(catalogChangesHub, { partition, refused }, ports),
  ])
  const written = await applyChanges(partition, { items, customers }, { documents, sha256: ports.sha256 })
  const summary: ChangesSummary = {
    partition,
    read: events.length,
    stored: good.length,
    rejected: refused.length,
    erased: events.length - alive.length,
    documents: written,
    requestUnits: Math.round(documents.requestUnits * 10) / 10,
    durationMs: ports.clock() - started,
  }
  return summary
}

/** Of a customer's change, whether it fits the contract or not: whose it is, and of when. */
const CustomerTold = z.object({ entity: z.literal('customer'), key: z.string(), ts: z.string().catch('') })

function notErased(events: readonly Delivered[], tombstones = noTombstones): readonly Delivered[] {
  return events.filter(({ body }) => {
    const { data } = CustomerTold.safeParse(body)
    if (!data) return true
    const at = Date.parse(data.ts)
    return !tombstones.refuses(data.key, Number.isNaN(at) ? undefined : at)
  })
}

interface Sorted {
  good: Delivered[]
  items: PlacedChange<ItemChange>[]
  customers: PlacedChange<CustomerChange>[]
  refused: Refused[]
}

function sorted(events: readonly Delivered[]): Sorted {
  const into: Sorted = { good: [], items: [], customers: [], refused: [] }
  for (const delivered of events) {
    if (delivered.broken) {
      into.refused.push({ ...delivered, reasons: [delivered.broken] })
      continue
    }
    const parsed = CatalogueChange.safeParse(delivered.body)
    if (!parsed.success) {
      into.refused.push({ ...delivered, reasons: fieldErrors(parsed.error, delivered.body) })
      continue
    }
    const ahead = clockError(parsed.data, Date.parse(delivered.enqueuedAt))
    if (ahead) {
      into.refused.push({ ...delivered, reasons: [ahead] })
      continue
    }
    into.good.push(delivered)
    const { sequenceNumber } = delivered
    if (parsed.data.entity === 'customer') into.customers.push({ sequenceNumber, change: parsed.data })
    else into.items.push({ sequenceNumber, change: parsed.data })
  }
  return into
}
