import type { Add, Remove } from '../delta/actions.ts'
import { LogCleanedError } from '../delta/commits.ts'
import { erasureOf } from '../delta/erasure.ts'
import { changesSince, type DeltaPorts, readSnapshot, type Snapshot, type TableChange } from '../delta/snapshot.ts'
import type { BuildInput } from './table-build.ts'

/** The txn by which a table notes how far it has taken another one in. */
export const sourceId = (path: string): string => `source/${path}`

/** An input as it is now, and what came and went since the table took it in last. */
export interface InputChange {
  input: BuildInput
  snapshot: Snapshot | undefined
  /** The version that was taken in; undefined when none was. */
  from: number | undefined
  added: readonly Add[]
  removed: readonly Remove[]
  /** What changed cannot be told: nothing was taken in yet, or the log was cleaned up since. */
  isUnknown: boolean
  /** Rows were erased since: versions before cannot be read any more, at least not whole. */
  isErased?: boolean
}

/** What is new in the inputs of a table as of `before`. */
export async function inputChanges(
  inputs: readonly BuildInput[],
  before: Snapshot | undefined,
  ports: DeltaPorts,
): Promise<InputChange[]> {
  return Promise.all(
    inputs.map(async input => {
      const snapshot = await readSnapshot(input.table.path, ports)
      const from = before?.transactions.get(sourceId(input.table.path))
      const nothing = { input, snapshot, from, added: [], removed: [], isUnknown: false }
      if (!snapshot || snapshot.version === from) return nothing
      if (from === undefined) return { ...nothing, isUnknown: true }
      const changes = await toldChanges(input.table.path, from, ports)
      if (!changes) return { ...nothing, isUnknown: true }
      return {
        ...{ input, snapshot, from },
        isErased: changes.some(({ info }) => erasureOf(info) !== undefined),
        added: changes.flatMap(({ added }) => added),
        removed: changes.flatMap(({ removed }) => removed),
        // Versions below the first that is told were cleaned up; a table that was made anew begins at 0 again.
        isUnknown: changes[0]?.version !== from + 1,
      }
    }),
  )
}

/** What changed since a version; undefined when the log cannot tell any more. */
async function toldChanges(
  table: string,
  from: number,
  ports: DeltaPorts,
): Promise<readonly TableChange[] | undefined> {
  try {
    return await changesSince(table, from, ports)
  } catch (error) {
    if (error instanceof LogCleanedError) return undefined
    throw error
  }
}

/** Whether rows came or went; files that were only put together otherwise do not count. */
export const hasMoved = ({ added, removed, isUnknown }: InputChange): boolean =>
  isUnknown || added.length > 0 || removed.length > 0
