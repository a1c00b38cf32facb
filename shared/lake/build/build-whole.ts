import { readSnapshot } from '../delta/snapshot.ts'
import { sqlFile } from '../sql-file.ts'
import { bindInputs } from './bind-inputs.ts'
import { commitBuild, isOtherQuery, queryVersion, rowsRead } from './commit-build.ts'
import { decidedAnew } from './decided-anew.ts'
import { hasMoved, inputChanges } from './input-changes.ts'
import { type BuildContext, type BuildSummary, prepare, skipped, type TableBuild } from './table-build.ts'

/**
 * Makes a table anew as a whole, unless nothing moved in its inputs since it was made. A table none of whose inputs is
 * there yet is not made.
 * @throws ConflictError when other writers are in the way time after time
 */
export function buildWhole(build: TableBuild, context: BuildContext): Promise<BuildSummary> {
  return decidedAnew(async () => {
    const { ports, rebuild = false } = context
    const startedAt = ports.clock()
    // First the table, then its inputs: whoever notes a later version of them meanwhile makes this commit fail.
    const before = await readSnapshot(build.table.path, ports)
    const changes = await inputChanges(build.inputs, before, ports)
    if (changes.every(({ snapshot }) => snapshot === undefined)) return skipped(build.table, before?.version)
    const query = await sqlFile(build.table.path)
    const version = queryVersion(build, query, context)
    if (!rebuild && !changes.some(hasMoved) && !isOtherQuery(before, version)) {
      return skipped(build.table, before?.version)
    }
    await using session = await ports.sql.open()
    await prepare(build, session)
    await bindInputs(
      changes.map(({ input, snapshot }) => ({ table: input.table, snapshot })),
      session,
      ports,
    )
    const rowsIn = rowsRead(changes, () => true)
    const of = { query, queryVersion: version, before, changes, rowsIn, startedAt, session }
    return await commitBuild(build, { ...of, replace: 'all' }, context)
  })
}
