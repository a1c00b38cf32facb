import type { SqlSession } from '../../ports.ts'
import { codeVersion } from '../code-version.ts'
import { dataQuality } from '../data-quality.ts'
import { ConflictError } from '../delta/commit.ts'
import { readSnapshot, type Snapshot } from '../delta/snapshot.ts'
import { type Written, writeTable } from '../delta/write-table.ts'
import { type LineageFacts, writeLineage } from '../lineage.ts'
import { sqlFile } from '../sql-file.ts'
import { quarantineTable } from '../tables/quarantine-table.ts'
import { definitionOf, type Table } from '../tables/table.ts'
import { queryId, queryVersion } from './commit-build.ts'
import { decidedAnew } from './decided-anew.ts'
import { type RuledBuild, waitingRules } from './ruled-build.ts'
import { type Counts, countRows } from './ruled-counts.ts'
import { judge } from './ruled-judge.ts'
import { markId, markOf, newMark, planRuled, type RuledPlan, takenIn } from './ruled-plan.ts'
import { quarantineRows } from './ruled-quarantine.ts'
import { bindReceived } from './ruled-received.ts'
import { type BuildContext, type BuildSummary, skipped } from './table-build.ts'

interface Work {
  plan: RuledPlan
  query: number
  startedAt: number
  context: BuildContext
}

/**
 * Takes what is new in bronze into a table of silver by its rules: each row is in the table or in quarantine, once.
 * The rows are those that all of bronze at once gives, however they came. Killed anywhere it is mended by the next build.
 * @throws ConflictError when other writers are in the way time after time
 */
export function buildRuled(build: RuledBuild, context: BuildContext): Promise<BuildSummary> {
  return decidedAnew(async () => {
    const startedAt = context.ports.clock()
    const query = await ruledVersion(build, context)
    const plan = await planRuled(build, query, context)
    if (!plan) return skipped(build.table, (await readSnapshot(build.table.path, context.ports))?.version)
    for (const isWhole of [plan.isWhole, true]) {
      const done = await carryOut(build, { plan: { ...plan, isWhole }, query, startedAt, context })
      if (done) return done
    }
    throw new Error(`Cannot build ${build.table.path}: from all of bronze no row can come out of order`)
  })
}

/** Whether a build would find anything to do: cheap to ask, by the logs alone. */
export async function isRuledStale(build: RuledBuild, context: BuildContext): Promise<boolean> {
  return (await planRuled(build, await ruledVersion(build, context), context)) !== undefined
}

/** Undefined when the plan cannot be kept as rows came out of order. */
async function carryOut(build: RuledBuild, work: Work): Promise<BuildSummary | undefined> {
  const { plan, context } = work
  const { ports } = context
  await using session = await ports.sql.open()
  if (build.prelude !== '') await session.run(build.prelude)
  await bindReceived(build, plan, { session, ports })
  if (!(await judge(build, plan, { session, ports }))) return undefined
  const counts = await countRows(session)
  const mark = await commitQuarantine(build, { ...work, counts, session })
  const { version, facts } = await commitTable(build, { ...work, counts, session, mark })
  await writeLineage({ ...facts, version }, ports)
  const { rowsIn, rowsOut, rejected, byRule } = counts
  return { table: build.table.path, version, rowsIn, rowsOut, rejected, byRule, skipped: false }
}

/**
 * Rows that wait are in files of their own: these are written anew when one of them waits no more. Resolves to the mark
 * of what quarantine holds.
 */
async function commitQuarantine(
  build: RuledBuild,
  { plan, counts, session, context }: Work & { counts: Counts; session: SqlSession },
): Promise<number> {
  const { quarantine, isWhole } = plan
  if (counts.rejected === 0 && counts.released === 0 && !(isWhole && quarantine)) return markOf(quarantine)
  const table = quarantineTable(build.table.path)
  const names = new Set(waitingRules(build).map(({ name }) => name))
  const where = isWhole || counts.released > 0 ? 'true' : 'rejected._waited is null'
  const replace = isWhole
    ? 'all'
    : counts.released > 0
      ? ({ partitionValues }: { partitionValues: Readonly<Record<string, string | null>> }) =>
          names.has(partitionValues.rule ?? '')
      : 'none'
  const { ports, runId } = context
  const query = await quarantineRows(build, { where, now: ports.clock(), session })
  const before = await made(table, quarantine, session, context)
  const mark = newMark(ports)
  const transactions = [{ appId: markId, version: mark }]
  await writeTable(
    definitionOf(table),
    query,
    { session, before, replace, transactions, info: { run_id: runId } },
    ports,
  )
  return mark
}

async function commitTable(
  build: RuledBuild,
  {
    plan,
    query,
    counts,
    startedAt,
    session,
    mark,
    context,
  }: Work & { counts: Counts; session: SqlSession; mark: number },
): Promise<Pick<Written, 'version'> & { facts: LineageFacts }> {
  const { ports, runId } = context
  const quality = dataQuality([{ rows_in: counts.rowsIn, by_rule: counts.byRule }])
  const facts: LineageFacts = {
    ...{ table: build.table.path, run_id: runId, code_version: codeVersion },
    inputs: [...plan.sources, ...plan.references].flatMap(({ input, snapshot, from }) =>
      snapshot ? [{ table: input.table.path, ...(from === undefined ? {} : { from }), to: snapshot.version }] : [],
    ),
    ...{ rows_in: counts.rowsIn, rows_out: counts.rowsOut, rejected: counts.rejected, by_rule: counts.byRule },
    ...(quality === undefined ? {} : { data_quality: quality }),
    started_at: new Date(startedAt).toISOString(),
    finished_at: new Date(ports.clock()).toISOString(),
  }
  const before = await made(build.table, plan.before, session, context)
  const { version } = await writeTable(
    definitionOf(build.table),
    'select * from accepted',
    {
      ...{ session, before, replace: plan.isWhole ? 'all' : 'none', info: { lineage: facts } },
      transactions: [
        { appId: markId, version: mark },
        ...takenIn(plan),
        ...(plan.isWhole ? [{ appId: queryId, version: query }] : []),
      ],
    },
    ports,
  )
  return { version, facts }
}

/**
 * The table a commit goes behind, made without rows when it is not there: of two builds that find none, one is first and
 * the other finds its mark.
 * @throws ConflictError when another build was first
 */
async function made(
  table: Table,
  before: Snapshot | undefined,
  session: SqlSession,
  { ports }: BuildContext,
): Promise<Snapshot | undefined> {
  if (before) return before
  const none = 'select 1 as nothing where false'
  await writeTable(definitionOf(table), none, { session, replace: 'none', operation: 'CREATE TABLE' }, ports)
  const snapshot = await readSnapshot(table.path, ports)
  if (markOf(snapshot) > 0) throw new ConflictError(`Cannot make ${table.path} as another build was first`)
  return snapshot
}

/** A number for the query and the rules: when they change, the table is made anew. */
async function ruledVersion(build: RuledBuild, context: BuildContext): Promise<number> {
  const { table, rules, key, prelude } = build
  const query = await sqlFile(table.path)
  const received = key === 'merged' ? await sqlFile(`${table.path}_received`) : ''
  const all = [query, received, key, JSON.stringify(rules)].join('\n')
  return queryVersion({ table, inputs: [], prelude }, all, context)
}
