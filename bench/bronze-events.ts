import { randomUUID } from 'node:crypto'
import { azureBlobs } from '../shared/adapters/azure/blobs.ts'
import { duckDbSql } from '../shared/adapters/duckdb/sql.ts'
import { type FoldSummary, foldSegments } from '../shared/ingest/segments/fold-segments.ts'
import { bindInputs } from '../shared/lake/build/bind-inputs.ts'
import { literal } from '../shared/lake/delta/table-schema.ts'
import { bronzeInteractions } from '../shared/lake/tables/bronze-tables.ts'

/** What bronze holds, once all that waits has been folded into its table. */
export interface InBronze {
  /** How often each event of the sessions asked for stands there, by event id. */
  times: Map<string, number>
  folded: FoldSummary
  foldedMs: number
}

/** Folds what waits and counts the events of sessions whose name begins with `prefix`. */
export async function bronzeEvents(connectionString: string, prefix: string): Promise<InBronze> {
  const sql = duckDbSql({ memoryMb: 512, threads: 2 })
  const ports = { blobs: azureBlobs(connectionString), sql, clock: Date.now, uuid: randomUUID }
  const started = performance.now()
  const folded = await foldSegments({ hub: 'interactions', table: bronzeInteractions, column: 'event' }, ports)
  const foldedMs = performance.now() - started
  await using session = await sql.open()
  await bindInputs([{ table: bronzeInteractions }], session, ports)
  const rows = await session.rows(`
    select event ->> 'event_id' as id, count(*) as times from bronze_interactions
    where starts_with(event ->> 'session_id', ${literal(prefix)}) group by all`)
  return { times: new Map(rows.map(({ id, times }) => [String(id), Number(times)])), folded, foldedMs }
}
