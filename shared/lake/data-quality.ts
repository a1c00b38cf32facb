import { z } from 'zod'
import type { Ports } from '../ports.ts'
import { type Stage, stage } from '../runs/stage.ts'
import type { LakeOptions } from './lake-options.ts'
import type { Lineage } from './lineage.ts'
import { recentLineage } from './recent-lineage.ts'
import { ruledTables } from './tables/lake-tables.ts'

/** Rules that say nothing of a row's quality: it came before, or something newer did. */
const repetitions = ['duplicate', 'superseded']

/**
 * The share of rows that kept every rule, 0 to 1, of those that were no repetition; undefined when there were none.
 * @param judged rows read, and how many of them broke each rule
 */
export function dataQuality(judged: readonly Pick<Lineage, 'rows_in' | 'by_rule'>[]): number | undefined {
  let rows = 0
  let broken = 0
  for (const { rows_in, by_rule } of judged) {
    rows += rows_in
    for (const [rule, count] of Object.entries(by_rule)) {
      if (repetitions.includes(rule)) rows -= count
      else broken += count
    }
  }
  return rows > 0 ? (rows - broken) / rows : undefined
}

/** Versions that one run can make of a table: its one, and those of a repeat after a crash. */
const versionsMax = 4
const QualityChunk = z.object({ run: z.string() })

/** Tells how good the rows were that a run took in (I15), and raises the alarm when they are below the floor. */
export function qualityStage({ dataQualityFloor: floor }: Pick<LakeOptions, 'dataQualityFloor'>): Stage {
  return stage({
    name: 'quality',
    weight: 0,
    parse: raw => QualityChunk.parse(raw),
    plan: async ({ runId, ports }) => ((await judgedBy(runId, ports)).length > 0 ? [{ run: runId }] : []),
    run: async ({ run }, { ports, note }) => {
      const judged = await judgedBy(run, ports)
      const quality = dataQuality(judged)
      if (quality === undefined) return {}
      ports.telemetry.gauge('data_quality_ratio', {}, quality)
      if (quality < floor) {
        const tables = judged.flatMap(of => ((dataQuality([of]) ?? 1) < floor ? [of.table] : []))
        const alert = { data_quality: quality, floor, tables, by_rule: byRule(judged) }
        ports.log.error({ event: 'data_quality_low', stage: 'quality', alert: 'data_quality', run_id: run, ...alert })
        note({ message: `data quality is below the floor of ${floor}`, ...alert })
      }
      return { data_quality: quality }
    },
  })
}

async function judgedBy(runId: string, ports: Pick<Ports, 'blobs'>): Promise<Lineage[]> {
  const recent = await Promise.all(ruledTables.map(({ path }) => recentLineage(path, { versionsMax }, ports)))
  return recent.flat().filter(({ run_id }) => run_id === runId)
}

function byRule(judged: readonly Pick<Lineage, 'by_rule'>[]): Record<string, number> {
  const sums: Record<string, number> = {}
  for (const { by_rule } of judged) {
    for (const [rule, count] of Object.entries(by_rule)) sums[rule] = (sums[rule] ?? 0) + count
  }
  return sums
}
