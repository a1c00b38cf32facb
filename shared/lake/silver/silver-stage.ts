import { z } from 'zod'
import { type Stage, type StageContext, stage } from '../../runs/stage.ts'
import { buildMonths } from '../build/build-months.ts'
import { buildRuled, isRuledStale } from '../build/build-ruled.ts'
import { buildWhole } from '../build/build-whole.ts'
import { isStale } from '../build/is-stale.ts'
import type { BuildContext, BuildSummary } from '../build/table-build.ts'
import { silverTables } from '../tables/silver-tables.ts'
import { newestRejects } from './newest-rejects.ts'
import { type SilverBuild, silverBuilds } from './silver-builds.ts'

const SilverChunk = z.object({ round: z.int().nonnegative(), table: z.enum(silverTables.map(({ path }) => path)) })
type SilverChunk = z.infer<typeof SilverChunk>

const lastRound = 3
/** Rejected rows of a table that are told in the run's log. */
const rejectedToldMax = 50

/**
 * bronze -> silver: one chunk a table that has something new in it, round by round as tables are made of each other.
 * @param options.only the tables that what models are trained on is made of, and no others
 * @param options.rebuild makes every table anew out of all of bronze
 */
export function silverStage(options: { pseudonymKey: string; only?: 'training'; rebuild?: boolean }): Stage {
  const { rebuild = false, only } = options
  const isMade = ({ by, trains }: SilverBuild, { scope }: StageContext) =>
    (only === undefined || trains === true) && (scope !== 'hourly' || by !== 'whole')
  /** The tables of the first round, from this one on, that has anything to do. */
  const planFrom = async (first: number, context: StageContext): Promise<SilverChunk[]> => {
    const builds = (await silverBuilds(options)).filter(build => isMade(build, context))
    for (let round = first; round <= lastRound; round++) {
      const ofRound = builds.filter(build => build.round === round)
      const stale = await Promise.all(ofRound.map(each => rebuild || hasNew(each, context)))
      const chunks = ofRound.filter((_, index) => stale[index]).map(({ build }) => ({ round, table: build.table.path }))
      if (chunks.length === 0) continue
      if (round === lastRound) await context.progress(1)
      return chunks
    }
    return []
  }
  return stage({
    name: 'silver',
    weight: 4,
    parse: raw => SilverChunk.parse(raw),
    plan: context => planFrom(0, context),
    planNext: (context, { chunks }) => planFrom(Math.max(-1, ...chunks.map(({ round }) => round)) + 1, context),
    run: async ({ table }, { runId, ports, note }) => {
      const build = (await silverBuilds(options)).find(each => each.build.table.path === table)
      if (!build) throw new RangeError(`Cannot make ${table} as it must be a table that silver has a build for`)
      const { rowsIn, rowsOut, rejected, skipped } = await make(build, { ports, runId, rebuild })
      if (rejected > 0) {
        const rejects = await newestRejects(table, { most: rejectedToldMax }, ports)
        for (const { file, ...row } of rejects) note({ file, rejected_row: row })
      }
      return { tables: skipped ? 0 : 1, rows_in: rowsIn, rows_out: rowsOut, rejected }
    },
  })
}

function make({ by, build }: SilverBuild, context: BuildContext): Promise<BuildSummary> {
  switch (by) {
    case 'rules':
      return buildRuled(build, context)
    case 'months':
      return buildMonths(build, context)
    case 'whole':
      return buildWhole(build, context)
  }
}

function hasNew({ by, build }: SilverBuild, { ports, runId }: StageContext): Promise<boolean> {
  return by === 'rules' ? isRuledStale(build, { ports, runId }) : isStale(build, ports)
}
