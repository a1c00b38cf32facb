import { type DeltaPorts, readSnapshot, type Snapshot } from '../delta/snapshot.ts'
import { rowsOf } from '../delta/write-table.ts'
import { quarantineTable } from '../tables/quarantine-table.ts'
import { isOtherQuery } from './commit-build.ts'
import { hasMoved, type InputChange, inputChanges, sourceId } from './input-changes.ts'
import { type RuledBuild, waitingRules } from './ruled-build.ts'
import type { BuildContext } from './table-build.ts'

/**
 * The txn that ties a table to its quarantine: quarantine is committed first, under a mark that the table's commit then
 * notes. When they differ, a build ended in between: the next one makes both anew.
 */
export const markId = 'build'
export const markOf = (of: Snapshot | undefined): number => of?.transactions.get(markId) ?? 0
export const newMark = ({ uuid }: Pick<DeltaPorts, 'uuid'>): number =>
  Number.parseInt(uuid().replaceAll('-', '').slice(0, 12), 16)

/** What there is to do for a table. */
export interface RuledPlan {
  before: Snapshot | undefined
  quarantine: Snapshot | undefined
  sources: readonly InputChange[]
  references: readonly InputChange[]
  /** The table and its quarantine are made anew from all of bronze. */
  isWhole: boolean
}

/** What is new for a table since it was built last; undefined when nothing is. */
export async function planRuled(
  build: RuledBuild,
  queryVersion: number,
  { ports, rebuild = false }: BuildContext,
): Promise<RuledPlan | undefined> {
  // First the tables that are written, then what they are made of: a later version noted meanwhile makes the commit fail.
  const quarantine = await readSnapshot(quarantineTable(build.table.path).path, ports)
  const before = await readSnapshot(build.table.path, ports)
  const asInputs = (tables: RuledBuild['sources']) => tables.map(table => ({ table }))
  const sources = (await inputChanges(asInputs(build.sources), before, ports)).map(fromTheFirst)
  if (sources.every(({ snapshot }) => snapshot === undefined)) return undefined
  const references = (await inputChanges(asInputs(build.references), before, ports)).map(withRows)
  const hasNew = sources.some(hasMoved)
  const isAnew = rebuild || markOf(quarantine) !== markOf(before) || isOtherQuery(before, queryVersion)
  const isMerged = build.key === 'merged'
  const isWhole = isAnew || (isMerged && hasNew) || sources.some(hasLost) || references.some(isFirstSeen)
  const looksAgain = references.some(hasMoved) && isAnyWaiting(build, quarantine)
  if (!isWhole && !hasNew && !looksAgain) return undefined
  return { before, quarantine, sources, references, isWhole }
}

/** How far the inputs are taken in, once the plan is done. */
export function takenIn({ sources, references }: RuledPlan): { appId: string; version: number }[] {
  return [...sources, ...references].flatMap(({ input, snapshot }) =>
    snapshot ? [{ appId: sourceId(input.table.path), version: snapshot.version }] : [],
  )
}

/** A source that was not there when the table was built last is new as a whole. */
function fromTheFirst(change: InputChange): InputChange {
  if (change.from !== undefined || !change.snapshot) return change
  return { ...change, added: [...change.snapshot.files.values()], isUnknown: false }
}

function withRows(change: InputChange): InputChange {
  const files = [...(change.snapshot?.files.values() ?? [])]
  if (files.some(file => rowsOf(file) > 0)) return change
  return { ...change, snapshot: undefined, added: [], removed: [], isUnknown: false }
}

/** Rows that were taken in are gone, or nobody can tell. */
const hasLost = ({ removed, isUnknown }: InputChange): boolean => isUnknown || removed.length > 0

/** What a shop never delivered is not asked for; once it is delivered, it is asked of every row. */
const isFirstSeen = ({ from, snapshot }: InputChange): boolean => from === undefined && snapshot !== undefined

function isAnyWaiting(build: RuledBuild, quarantine: Snapshot | undefined): boolean {
  const names = new Set(waitingRules(build).map(({ name }) => name))
  return [...(quarantine?.files.values() ?? [])].some(({ partitionValues }) => names.has(partitionValues.rule ?? ''))
}
