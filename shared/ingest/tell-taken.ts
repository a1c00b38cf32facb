import type { Ports } from '../ports.ts'
import type { hubs } from '../schemas/telemetry.ts'
import type { Delivered } from './delivered.ts'

/** Counts what became of a batch, and how long its oldest event had waited; events kept aside are told of in words too. */
export function tellTaken(
  hub: (typeof hubs)[number],
  batch: {
    summary: Partial<Record<'stored' | 'rejected' | 'erased' | 'declined', number>> & { partition: string }
    events: readonly Pick<Delivered, 'enqueuedAt'>[]
  },
  { telemetry, log, clock }: Pick<Ports, 'telemetry' | 'log' | 'clock'>,
): void {
  const { partition, ...summary } = batch.summary
  for (const outcome of ['stored', 'rejected', 'erased', 'declined'] as const) {
    const count = summary[outcome] ?? 0
    if (count > 0) telemetry.count('events_total', { hub, outcome }, count)
  }
  const [oldest] = batch.events
  if (oldest) telemetry.observe('ingest_lag_ms', { hub }, Math.max(0, clock() - Date.parse(oldest.enqueuedAt)))
  const { rejected = 0 } = summary
  if (rejected === 0) return
  telemetry.count('dead_letters_total', { hub }, rejected)
  log.warn({ event: 'dead_letters', stage: 'ingest', hub, partition, rejected })
}
