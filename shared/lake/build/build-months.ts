import { readSnapshot } from '../delta/snapshot.ts'
import { literal } from '../delta/table-schema.ts'
import { sqlFile } from '../sql-file.ts'
import { bindInputs, type Input } from './bind-inputs.ts'
import { commitBuild, isOtherQuery, queryVersion, rowsRead } from './commit-build.ts'
import { decidedAnew } from './decided-anew.ts'
import { hasMoved, type InputChange, inputChanges } from './input-changes.ts'
import { type BuildContext, type BuildSummary, prepare, skipped, type TableBuild } from './table-build.ts'
import { isByMonth, monthAfter, monthOf, type TouchedMonths, touchedMonths } from './touched-months.ts'

/**
 * Makes those months of a table anew that something new in its inputs touches, and replaces them in one commit. What the
 * query gives for other months is left out.
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
    const months = isAnew ? 'all' : await touchedMonths(changes, { session, ports })
    if (months !== 'all' && months.size === 0) return skipped(build.table, before?.version)
    await prepare(build, session)
    const reads = (change: InputChange, month: string) => isRead(change, month, months)
    await bindInputs(
      changes.map(change => inputOf(change, reads)),
      session,
      ports,
    )
    const of = { queryVersion: version, before, changes, rowsIn: rowsRead(changes, reads), startedAt, session }
    if (months === 'all') return await commitBuild(build, { ...of, query, replace: 'all' }, context)
    const within = `select * from (${query}) where month in (${[...months].map(literal).join(', ')})`
    const replace = (file: Parameters<typeof monthOf>[0]) => months.has(monthOf(file))
    return await commitBuild(build, { ...of, query: within, replace }, context)
  })
}

function inputOf(change: InputChange, reads: (change: InputChange, month: string) => boolean): Input {
  return { table: change.input.table, snapshot: change.snapshot, filter: file => reads(change, monthOf(file)) }
}

function isRead(change: InputChange, month: string, months: TouchedMonths): boolean {
  if (months === 'all' || !isByMonth(change) || change.input.readsAll) return true
  const [first, last] = change.input.reach ?? [0, 0]
  for (let offset = first; offset <= last; offset++) if (months.has(monthAfter(month, -offset))) return true
  return false
}
