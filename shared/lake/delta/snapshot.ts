import type { Ports } from '../../ports.ts'
import type { Add, CommitInfo, Metadata, Protocol, Remove } from './actions.ts'
import { commits, LogCleanedError } from './commits.ts'
import { afterErasure, erasureOf } from './erasure.ts'
import { checkReadable } from './features.ts'
import { commitPath, logFile, logFolder } from './log-paths.ts'
import { readLog } from './read-log.ts'
import { versionAt } from './version-at.ts'

/** A table as of one version. */
export interface Snapshot {
  /** Where the table is: container/name. */
  path: string
  version: number
  /** When the version was committed, in milliseconds since 1970. */
  timestamp: number
  protocol: Protocol
  metadata: Metadata
  /** The data files by path. */
  files: ReadonlyMap<string, Add>
  /** How far each application has come. */
  transactions: ReadonlyMap<string, number>
  /** The files that are part of the table no longer, by path, as far as the log still tells. */
  tombstones: ReadonlyMap<string, Remove>
}

export type DeltaPorts = Pick<Ports, 'blobs' | 'sql' | 'clock' | 'uuid'>

/** What a table is asked for as of: a version, or the last version committed at or before a time. */
export type AsOf = { version: number } | { timestampMs: number }

/**
 * The table at its newest version, or as of an earlier one; undefined when there is no such table or version.
 * @throws RangeError when it needs what this reader does not know, or no version is as early as the time asked for
 * @throws LogCleanedError when the version asked for is there no longer
 */
export async function readSnapshot(table: string, ports: DeltaPorts, asOf?: AsOf): Promise<Snapshot | undefined> {
  const upTo = asOf && ('version' in asOf ? asOf.version : await versionAt(table, asOf.timestampMs, ports))
  if (asOf && upTo === undefined) return undefined
  const log = await readLog(table, ports, { upTo })
  if (!log) return undefined
  const { version, timestamp, state } = log
  const { protocol, metadata, files, tombstones } = state
  if (!protocol || !metadata) throw new Error(`Cannot read ${table} as its log has no protocol or no metadata`)
  checkReadable(table, { protocol, metadata })
  const transactions = new Map([...state.transactions.values()].map(({ appId, version: of }) => [appId, of]))
  return { path: table, version, timestamp, protocol, metadata, files, transactions, tombstones }
}

/** What came and went with one version. */
export interface TableChange {
  version: number
  added: readonly Add[]
  removed: readonly Remove[]
  info: CommitInfo | undefined
}

/**
 * The files that came and went after a version: what there is to do since. Files that were only written anew, by
 * `optimize`, are no change, nor are rows that `eraseRows` took out of every table: files that came before it are those
 * that stand in their place.
 * @throws LogCleanedError when the commits after that version are not all there any more, or what one of them brought was
 *   erased from the store: the table is to be read whole
 */
export async function changesSince(
  table: string,
  after: number,
  ports: Pick<Ports, 'blobs'>,
): Promise<readonly TableChange[]> {
  let changes: TableChange[] = []
  for await (const { version, actions } of commits(table, { after }, ports)) {
    const info = actions.find(({ commitInfo }) => commitInfo)?.commitInfo
    const erasure = erasureOf(info)
    if (erasure) {
      changes = changes.map(change => {
        const added = afterErasure(change, erasure, actions)
        if (added) return { ...change, added }
        throw new LogCleanedError(
          `Cannot tell what changed in ${table} after version ${after}: files of it were erased`,
        )
      })
    }
    changes.push({
      version,
      added: erasure ? [] : actions.flatMap(({ add }) => (add?.dataChange ? [add] : [])),
      removed: erasure ? [] : actions.flatMap(({ remove }) => (remove?.dataChange ? [remove] : [])),
      info,
    })
  }
  if (changes.length === 0) await checkNothingCleaned(table, after, ports)
  return changes
}

/** No commit follows when the version itself is there; when it is not, it may have been cleaned away with those after it. */
async function checkNothingCleaned(table: string, after: number, { blobs }: Pick<Ports, 'blobs'>): Promise<void> {
  if (after >= 0 && (await blobs.readRange(commitPath(table, after), 0, 0)) !== undefined) return
  for await (const { path } of blobs.list(logFolder(table))) {
    const file = logFile(path)
    if (file && file.version > after) {
      throw new LogCleanedError(`Cannot tell what changed in ${table} after version ${after}: its log has been cleaned`)
    }
  }
}
