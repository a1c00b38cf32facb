import { z } from 'zod'
import { type Stage, type StageContext, stage } from '../runs/stage.ts'
import type { Metrics } from '../schemas/run.ts'
import { decidedAnew } from './build/decided-anew.ts'
import { optimize } from './delta/optimize.ts'
import { readSnapshot } from './delta/snapshot.ts'
import { vacuum } from './delta/vacuum.ts'
import { keepFiles } from './keep-files.ts'
import { keepRetention } from './keep-retention.ts'
import type { LakeOptions } from './lake-options.ts'
import { restoreLineage } from './lineage.ts'
import { explorationStatistics } from './statistics.ts'
import { factTransactions } from './tables/gold-tables.ts'
import { lakeTables } from './tables/lake-tables.ts'
import { definitionOf } from './tables/table.ts'

const UpkeepChunk = z.discriminatedUnion('of', [
  z.object({ of: z.literal('table'), table: z.string() }),
  z.object({ of: z.literal('statistics') }),
  z.object({ of: z.literal('files') }),
])
type UpkeepChunk = z.infer<typeof UpkeepChunk>

/** Tables whose files are laid out for what dashboards filter by. */
const zOrders: Readonly<Record<string, readonly string[]>> = {
  [factTransactions.path]: ['product_key', 'customer_sk'],
}

/**
 * What a daily run does when all tables are made: small files are put together, files that no version within the
 * retention needs are removed, and files that are kept long enough; lineage that a crash left out is written, statistics of
 * the shop's data are made.
 */
export function upkeepStage(options: Pick<LakeOptions, 'retentionDays' | 'fileDays'>): Stage {
  return stage<UpkeepChunk>({
    name: 'upkeep',
    weight: 1,
    parse: raw => UpkeepChunk.parse(raw),
    plan: async ({ scope, ports }) => {
      if (scope !== 'daily') return []
      const known = await Promise.all(lakeTables.map(({ path }) => readSnapshot(path, ports)))
      const tables = known.flatMap(snapshot => (snapshot ? [snapshot.path] : []))
      const files: UpkeepChunk[] = options.fileDays ? [{ of: 'files' }] : []
      if (tables.length === 0) return files
      const chunks: UpkeepChunk[] = tables.map(table => ({ of: 'table', table }))
      return [...chunks, { of: 'statistics' }, ...files]
    },
    run: async (chunk, context) => {
      if (chunk.of === 'table') return keepUp(chunk.table, options, context)
      if (chunk.of === 'files') return { files_removed: await keepFilesOf(options, context) }
      await explorationStatistics(context.ports)
      return {}
    },
  })
}

const keepFilesOf = async ({ fileDays }: Pick<LakeOptions, 'fileDays'>, { ports }: StageContext): Promise<number> =>
  fileDays ? keepFiles(fileDays, ports) : 0

async function keepUp(
  table: string,
  { retentionDays }: Pick<LakeOptions, 'retentionDays'>,
  { ports }: StageContext,
): Promise<Metrics> {
  const zOrder = zOrders[table]
  const declared = lakeTables.find(({ path }) => path === table)
  const statistics = declared && definitionOf(declared).statistics
  const { removed, added } = await decidedAnew(async () => {
    await using session = await ports.sql.open()
    return await optimize(table, { session, ...(zOrder ? { zOrder } : {}) }, ports)
  })
  await decidedAnew(() => keepRetention(table, { days: retentionDays, ...(statistics ? { statistics } : {}) }, ports))
  const { files } = await vacuum(table, {}, ports)
  const restored = await restoreLineage(table, ports)
  return { files_rewritten: removed, files_written: added, files_removed: files.length, lineage_restored: restored }
}
