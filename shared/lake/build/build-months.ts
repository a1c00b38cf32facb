import type { SqlSession } from '../../ports.ts'
import { readSnapshot } from '../delta/snapshot.ts'
import { literal } from '../delta/table-schema.ts'
import type { Part } from '../delta/write-table.ts'
import { sqlFile } from '../sql-file.ts'
import { bindInputs, type Input } from './bind-inputs.ts'
import { commitBuild, isOtherQuery, queryVersion, rowsRead } from './commit-build.ts'
import { decidedAnew } from './decided-anew.ts'
import { hasMoved, type InputChange, inputChanges } from './input-changes.ts'
import { monthGroups, monthsOfFiles } from './month-groups.ts'
import { type BuildContext, type BuildSummary, prepare, skipped, type TableBuild } from './table-build.ts'
import { isByMonth, monthAfter, monthOf, monthsAsked, touchedMonths } from './touched-months.ts'

/**
 * Makes those months of a table anew that something new in its inputs touches, one after the other, and replaces them in
 * one commit. What the query gives for other months is left out.
 * @throws ConflictError when other writers are in the way time after time
 */
export function buildMonths(build: TableBuild, context: BuildContext): Promise<BuildSummary> {
  return decidedAnew(async () => {
    const { ports, rebuild = false } = context
    const startedAt = ports.clock()
    // First the table, then its inputs: whoever notes a later version of them meanwhile makes this commit fail.
    const before = await readSnapshot(build.table.path, ports)
    const changes = await inputChanges(build.inputs, before, ports)
    if (changes.every(({ snapshot }) => snapshot === undefined)) return skipped(build.table, before?.version)
    const query = await sqlFile(build.table.path)
    const version = queryVersion(build, query, context)
    const isAnew = rebuild || isOtherQuery(before, version)
    if (!isAnew && !changes.some(hasMoved)) return skipped(build.table, before?.version)
    await using session = await ports.sql.open()
    const touched = isAnew ? 'all' : await touchedMonths(changes, { session, ports })
    if (touched !== 'all' && touched.size === 0) return skipped(build.table, before?.version)
    await prepare(build, session)
    const months = touched === 'all' ? await allMonths(changes, { session, ports }) : touched
    const rowsIn = rowsRead(changes, (change, month) => isRead(change, month, months))
    const of = { queryVersion: version, before, changes, rowsIn, startedAt, session }
    const replace = touched === 'all' ? touched : (file: Parameters<typeof monthOf>[0]) => touched.has(monthOf(file))
    const parts = partsOf(query, { months, changes, session, ports })
    return await commitBuild(build, { ...of, query: parts, replace }, context)
  })
}

type Of = { session: SqlSession; ports: BuildContext['ports'] }

/** Every month there can be rows for. */
async function allMonths(changes: readonly InputChange[], { session, ports }: Of): Promise<Set<string>> {
  const months = monthsOfFiles(changes)
  for (const { input, snapshot } of changes) {
    if (input.months === undefined) continue
    await bindInputs([{ table: input.table, snapshot }], session, ports)
    for (const month of await monthsAsked(input.months, session)) months.add(month)
  }
  return months
}

/** The query's rows, some months after the other: the inputs are bound to what those months are made of. */
async function* partsOf(
  query: string,
  { months, changes, session, ports }: Of & { months: ReadonlySet<string>; changes: readonly InputChange[] },
): AsyncIterable<Part> {
  const [fixed, byMonth] = [changes.filter(change => !isByMonth(change)), changes.filter(isByMonth)]
  await bindInputs(
    fixed.map(({ input, snapshot }) => ({ table: input.table, snapshot })),
    session,
    ports,
  )
  for (const group of monthGroups(months, changes)) {
    const [first = '', last = first] = [group[0], group.at(-1)]
    const of = new Set(group)
    await bindInputs(
      byMonth.map(
        (change): Input => ({
          table: change.input.table,
          snapshot: change.snapshot,
          filter: file => isRead(change, monthOf(file), of),
        }),
      ),
      session,
      ports,
    )
    await session.run(
      `set variable first_day = date '${first}-01'; set variable end_day = date '${monthAfter(last, 1)}-01'`,
    )
    if (group.length > 1) yield { query: `from (${query}) where month in (${group.map(literal).join(', ')})` }
    else
      yield {
        query: `select * exclude (month) from (${query}) where month = ${literal(first)}`,
        within: { month: first },
      }
  }
}

function isRead(change: InputChange, month: string, months: ReadonlySet<string>): boolean {
  if (!isByMonth(change) || change.input.readsAll) return true
  const [first, last] = change.input.reach ?? [0, 0]
  for (let offset = first; offset <= last; offset++) if (months.has(monthAfter(month, -offset))) return true
  return false
}
