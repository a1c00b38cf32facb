import type { SqlSession } from '../../ports.ts'
import { readSnapshot } from '../delta/snapshot.ts'
import { sqlFile } from '../sql-file.ts'
import { bindInputs } from './bind-inputs.ts'
import { commitBuild, isOtherQuery, queryVersion, rowsRead } from './commit-build.ts'
import { decidedAnew } from './decided-anew.ts'
import { hasMoved, type InputChange, inputChanges } from './input-changes.ts'
import { monthGroups, monthsOfFiles } from './month-groups.ts'
import { isMadeOf, monthParts } from './month-parts.ts'
import { type BuildContext, type BuildSummary, prepare, skipped, type TableBuild } from './table-build.ts'
import { monthOf, monthsAsked, touchedMonths } from './touched-months.ts'

/**
 * Makes those months of a table anew that something new in its inputs touches, two at a time, and replaces them in one
 * commit. What the query gives for other months is left out.
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
    const rowsIn = rowsRead(changes, (change, month) => isMadeOf(change, month, months))
    const of = { queryVersion: version, before, changes, rowsIn, startedAt, session }
    const replace = touched === 'all' ? touched : (file: Parameters<typeof monthOf>[0]) => touched.has(monthOf(file))
    const groups = monthGroups(months, changes)
    // A month's rows are sorted, put together and written by one processor much of the time: the other has the next month.
    await using second = groups.length > 1 ? await ports.sql.open() : undefined
    if (second) await prepare(build, second)
    const toDo = groups.values()
    const parts = [session, ...(second ? [second] : [])].map(each =>
      monthParts(query, { lookups: build.lookups, groups: toDo, changes, session: each, ports }),
    )
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
