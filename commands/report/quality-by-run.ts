import type { QualityRecord } from '../../shared/lake/statistics.ts'

export interface RunQuality {
  finished_at: string
  /** Share of the rows that kept every rule: the tables' own, weighed by the rows that were judged. */
  data_quality: number
  rows_in: number
  rows_out: number
  rejected: number
}

/** The quality of each run that judged rows, in the order in which they ended. */
export function qualityByRun(records: readonly QualityRecord[]): RunQuality[] {
  const runs = new Map<string, QualityRecord[]>()
  for (const record of records) {
    if (record.data_quality === undefined || record.rows_judged === 0) continue
    runs.set(record.run_id, [...(runs.get(record.run_id) ?? []), record])
  }
  return [...runs.values()]
    .map(tables => {
      const sum = (of: (record: QualityRecord) => number) => tables.reduce((total, record) => total + of(record), 0)
      const judged = sum(record => record.rows_judged)
      return {
        finished_at:
          tables
            .map(record => record.finished_at)
            .sort()
            .at(-1) ?? '',
        data_quality: sum(record => (record.data_quality ?? 1) * record.rows_judged) / judged,
        rows_in: sum(record => record.rows_in),
        rows_out: sum(record => record.rows_out),
        rejected: sum(record => record.rejected),
      }
    })
    .sort((a, b) => a.finished_at.localeCompare(b.finished_at))
}
