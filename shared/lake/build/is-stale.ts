import { readSnapshot } from '../delta/snapshot.ts'
import { sqlFile } from '../sql-file.ts'
import { isOtherQuery, queryVersion } from './commit-build.ts'
import { hasMoved, inputChanges } from './input-changes.ts'
import type { BuildContext, TableBuild } from './table-build.ts'

/** Whether a build would find anything to do: cheap to ask, by the logs alone. */
export async function isStale(build: TableBuild, ports: BuildContext['ports']): Promise<boolean> {
  const before = await readSnapshot(build.table.path, ports)
  const changes = await inputChanges(build.inputs, before, ports)
  if (changes.every(({ snapshot }) => snapshot === undefined)) return false
  return changes.some(hasMoved) || isOtherQuery(before, queryVersion(build, await sqlFile(build.table.path), { ports }))
}
