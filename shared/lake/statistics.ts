import type { Ports, SqlRow } from '../ports.ts'
import type { DeltaPorts } from './delta/snapshot.ts'
import { figures } from './figures.ts'
import type { Lineage } from './lineage.ts'
import { recentLineage } from './recent-lineage.ts'
import { type TableState, tableStates } from './table-states.ts'
import { ruledTables } from './tables/lake-tables.ts'

/** What there is to know of a shop's data before anyone learns from it (S25). */
export interface Statistics {
  /** ISO 8601. */
  generated_at: string
  /** Seconds from the newest interaction to now; absent without any. */
  freshness_seconds: number | undefined
  totals: SqlRow
  /** 0: all items equally popular; near 1: one has it all. Absent without interactions. */
  gini: unknown
  event_types: SqlRow[]
  months: SqlRow[]
  engagement: SqlRow[]
  popularity: SqlRow[]
  rejects: SqlRow[]
  rejects_by_day: SqlRow[]
  /** Rows in, out and rejected of the newest versions of every table that rules stand before. */
  quality: QualityRecord[]
  tables: TableState[]
}

export type QualityRecord = Pick<Lineage, 'table' | 'version' | 'run_id' | 'rows_in' | 'rows_out' | 'rejected'> & {
  finished_at: string
  /** Rows in, but for repeats and those that newer ones took the place of: what the quality is a share of. */
  rows_judged: number
  data_quality: number | undefined
}

export const statisticsPath = 'gold/_reports/statistics.json'
const versionsMax = 100

/** Computes the exploration statistics and stores them as JSON, in place of those before. */
export async function explorationStatistics(ports: DeltaPorts & Pick<Ports, 'blobs'>): Promise<Statistics> {
  const found = await statistics(ports)
  await ports.blobs.write(statisticsPath, Buffer.from(`${JSON.stringify(found, undefined, 2)}\n`))
  return found
}

/** The exploration statistics as of now; of an empty lake, zeros and empty lists. */
export async function statistics(ports: DeltaPorts): Promise<Statistics> {
  const figure = await figures(
    [
      ...(['data-totals', 'data-gini', 'data-event-types', 'data-by-month', 'data-engagement'] as const),
      ...(['data-popularity', 'data-rejects', 'data-rejects-by-day'] as const),
    ],
    ports,
  )
  const quality = await Promise.all(ruledTables.map(({ path }) => recentLineage(path, { versionsMax }, ports)))
  const totals = figure('data-totals')[0] ?? {}
  return {
    generated_at: new Date(ports.clock()).toISOString(),
    freshness_seconds:
      typeof totals.last_at === 'string' ? Math.round((ports.clock() - Date.parse(totals.last_at)) / 1000) : undefined,
    totals,
    gini: figure('data-gini')[0]?.gini ?? undefined,
    event_types: figure('data-event-types'),
    months: figure('data-by-month'),
    engagement: figure('data-engagement'),
    popularity: figure('data-popularity'),
    rejects: figure('data-rejects'),
    rejects_by_day: figure('data-rejects-by-day'),
    quality: quality.flat().map(qualityRecord).sort(byTime),
    tables: await tableStates(ports),
  }
}

const qualityRecord = (lineage: Lineage): QualityRecord => {
  const { table, version, run_id, rows_in, rows_out, rejected, finished_at, data_quality, by_rule } = lineage
  const rows_judged = rows_in - (by_rule.duplicate ?? 0) - (by_rule.superseded ?? 0)
  return { table, version, run_id, rows_in, rows_out, rejected, rows_judged, finished_at, data_quality }
}

const byTime = (a: QualityRecord, b: QualityRecord): number => a.finished_at.localeCompare(b.finished_at)
