import { z } from 'zod'
import { type Stage, type StageContext, stage } from '../../runs/stage.ts'
import { buildMonths } from '../build/build-months.ts'
import { buildWhole } from '../build/build-whole.ts'
import { isStale } from '../build/is-stale.ts'
import type { LakeOptions } from '../lake-options.ts'
import { type GoldBuild, goldBuilds } from './gold-builds.ts'

const GoldChunk = z.object({ table: z.enum(goldBuilds.map(({ table }) => table.path)) })
type GoldChunk = z.infer<typeof GoldChunk>

/**
 * silver -> gold: one chunk a table that has something new in it, round by round as tables are made of each other.
 * @param options.only the tables models are trained on, and no others
 */
export function goldStage(options: Pick<LakeOptions, 'rebuild'> & { only?: 'training' }): Stage {
  const { rebuild = false, only } = options
  const isMade = (build: GoldBuild, { scope }: StageContext) =>
    (only === undefined || build.trains === true) && (scope !== 'hourly' || build.by === 'months')
  /** The tables of the first round, from this one on, that has anything to do. */
  const planFrom = async (first: number, context: StageContext): Promise<GoldChunk[]> => {
    for (let round = first; round <= lastRound; round++) {
      const builds = goldBuilds.filter(build => build.round === round && isMade(build, context))
      const stale = await Promise.all(builds.map(build => rebuild || isStale(build, context.ports)))
      const chunks = builds.filter((_, index) => stale[index]).map(({ table }) => ({ table: table.path }))
      if (chunks.length === 0) continue
      if (round === lastRound) await context.progress(1)
      return chunks
    }
    return []
  }
  return stage({
    name: 'gold',
    weight: 2,
    parse: raw => GoldChunk.parse(raw),
    plan: context => planFrom(0, context),
    planNext: (context, { chunks }) => planFrom(roundOf(chunks) + 1, context),
    run: async ({ table }, { runId, ports }) => {
      const build = buildOf(table)
      const make = build.by === 'months' ? buildMonths : buildWhole
      const { rowsIn, rowsOut, skipped } = await make(build, { ports, runId, rebuild })
      return { tables: skipped ? 0 : 1, rows_in: rowsIn, rows_out: rowsOut }
    },
  })
}

const lastRound = Math.max(...goldBuilds.map(({ round }) => round))

const roundOf = (chunks: readonly GoldChunk[]): number =>
  Math.max(-1, ...chunks.map(({ table }) => buildOf(table).round))

function buildOf(path: string): GoldBuild {
  const build = goldBuilds.find(({ table }) => table.path === path)
  if (!build)
    throw new RangeError(`Cannot make a table of gold as it must be one of its builds: current value is ${path}`)
  return build
}
