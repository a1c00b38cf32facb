import type { SqlSession } from '../../ports.ts'
import type { Add } from './actions.ts'
import { commit } from './commit.ts'
import { erasedFromTag } from './erasure.ts'
import { dataPath, logFolder } from './log-paths.ts'
import { removal } from './removal.ts'
import { scan } from './scan.ts'
import { type DeltaPorts, readSnapshot, type Snapshot } from './snapshot.ts'
import { tableSchema } from './table-schema.ts'
import { writeFiles } from './write-files.ts'

/** Files asked at once whether they hold a row: most hold none. */
const askedAtOnce = 32

export interface RowErasure {
  session: SqlSession
  /** SQL over the table's columns: the rows that are to go, or to become others. Null is no. */
  holds: string
  /** What a file's rows become, given the query of them; with less rows, or other values. */
  rewritten: (rows: string) => string
  /** The columns that files may tell bounds of; the table's own without it. */
  statistics?: ReadonlySet<string> | undefined
}

export interface ErasedRows {
  /** Rows of the newest version that went or became others. */
  rows: number
  /** Files that are in the store no longer, those of earlier versions among them. */
  files: number
}

/**
 * Takes rows out of a table for good: files that hold one are written anew without it, each by itself, in one commit, and
 * are then removed from the store at once, as are files that hold one of earlier versions, and of writers that lost a race:
 * nobody else writes meanwhile. Time travel to versions before has lost these files. Whoever follows the table finds no change in it: see `changesSince`. A writer that decided by what
 * the table held finds a conflict, as every application's progress is told anew. Repeated, it finds nothing.
 * @throws ConflictError when another writer removed one of the files, or moved an application on, meanwhile
 */
export async function eraseRows(table: string, of: RowErasure, ports: DeltaPorts): Promise<ErasedRows> {
  const before = await readSnapshot(table, ports)
  if (!before) return { rows: 0, files: 0 }
  const live = await holding(before, [...before.files.values()], of, ports)
  const gone = await holding(before, await leftOver(before, ports), of, ports)
  if (live.size + gone.size === 0) return { rows: 0, files: 0 }
  const add: Add[] = []
  for (const file of live.keys()) add.push(...(await rewrittenFile(before, file, of, ports)))
  const forgotten = [...live.keys(), ...gone.keys()].map(({ path }) => path)
  await commit(
    table,
    before,
    {
      operation: 'DELETE',
      parameters: { predicate: '["erasure"]' },
      add,
      remove: [...live.keys()].map(file => removal(file, ports.clock())),
      transactions: [...before.transactions].map(([appId, version]) => ({ appId, version })),
      reads: 'nothing',
      info: { erasure: { forgotten } },
    },
    ports,
  )
  for (const path of forgotten) await ports.blobs.remove(dataPath(table, path))
  return { rows: [...live.values()].reduce((sum, rows) => sum + rows, 0), files: forgotten.length }
}

/** The files among these that hold such rows, and how many. */
async function holding(
  snapshot: Snapshot,
  files: readonly Add[],
  { session, holds }: RowErasure,
  ports: DeltaPorts,
): Promise<Map<Add, number>> {
  const found = new Map<Add, number>()
  const rowsIn = async (some: readonly Add[]) => {
    const [{ rows = 0 } = {}] = await session.rows(
      `select count(*) as rows from (${await scan(only(snapshot, some), ports)}) where ${holds}`,
    )
    return Number(rows)
  }
  for (let start = 0; start < files.length; start += askedAtOnce) {
    const some = files.slice(start, start + askedAtOnce)
    if ((await rowsIn(some)) === 0) continue
    for (const file of some) {
      const rows = await rowsIn([file])
      if (rows > 0) found.set(file, rows)
    }
  }
  return found
}

/** Files that the newest version does not have: of earlier versions, and of writers that never came to commit them. */
async function leftOver({ path: table, files }: Snapshot, { blobs }: Pick<DeltaPorts, 'blobs'>): Promise<Add[]> {
  const live = new Set([...files.keys()].map(path => dataPath(table, path)))
  const found: Add[] = []
  for await (const { path, bytes } of blobs.list(`${table}/`)) {
    if (live.has(path) || !path.endsWith('.parquet') || path.startsWith(logFolder(table))) continue
    // Nothing is asked of partitions, so that they need not be known.
    const name = encodeURI(path.slice(table.length + 1))
    found.push({ path: name, partitionValues: {}, size: bytes, modificationTime: 0, dataChange: true })
  }
  return found
}

const only = (snapshot: Snapshot, files: readonly Add[]): Snapshot => ({
  ...snapshot,
  files: new Map(files.map(file => [file.path, file])),
})

/** What a file's rows become, as files of their own that tell whose place they take; none where no row is left. */
async function rewrittenFile(
  snapshot: Snapshot,
  file: Add,
  { session, rewritten, statistics }: RowErasure,
  ports: DeltaPorts,
): Promise<Add[]> {
  const { path: table, metadata } = snapshot
  const fields = tableSchema(metadata).filter(({ name }) => !metadata.partitionColumns.includes(name))
  const tags: Record<string, string> = { [erasedFromTag]: file.path }
  for (const [name, value] of Object.entries(file.tags ?? {})) if (value !== null) tags[name] ??= value
  return writeFiles(
    {
      ...{ table, query: rewritten(await scan(only(snapshot, [file]), ports)), fields, partitionColumns: [] },
      ...{ within: file.partitionValues, tags },
      ...(statistics === undefined ? {} : { statistics }),
    },
    session,
    ports,
  )
}
