import type { Action, Add, Metadata, Protocol, Remove, Transaction } from './actions.ts'
import { checkRebase } from './check-rebase.ts'
import { type Commit, commits } from './commits.ts'
import { checkWritable } from './features.ts'
import { commitPath } from './log-paths.ts'
import { maintainLog } from './maintain-log.ts'
import type { DeltaPorts, Snapshot } from './snapshot.ts'

/** What a commit is to do, decided from a snapshot. */
export interface Change {
  /** As the log names operations: WRITE, MERGE, OPTIMIZE … */
  operation: string
  parameters?: Readonly<Record<string, string>>
  /** The table's new metadata: made, or with further columns. */
  metadata?: Metadata
  add?: readonly Add[]
  remove?: readonly Remove[]
  transactions?: readonly Transaction[]
  /** Whether what is added was decided by what the table held: then no one else may have changed it meanwhile. */
  reads: 'nothing' | 'table'
  /** Kept with the commit: lineage, counts. */
  info?: Readonly<Record<string, unknown>>
}

/** Somebody else committed what this change cannot go with: decide it anew from a new snapshot. */
export class ConflictError extends Error {
  override readonly name = 'ConflictError'
}

const ownProtocol: Protocol = { minReaderVersion: 1, minWriterVersion: 2 }

/**
 * Commits a change to the table as of `before` (undefined: the table is to be made) by putting the next version's file
 * unless it exists. When others were first, their commits are checked: the change goes behind them if they are
 * independent; of two who make a table at once, the later adds to it. A put whose answer was lost, and which its sender
 * repeated, is known by the commit's own id. Resolves with the version it got.
 * @throws ConflictError when what others committed is not independent of this
 * @throws RangeError when the table asks of its writers what this one cannot do
 */
export async function commit(
  table: string,
  before: Snapshot | undefined,
  change: Change,
  ports: DeltaPorts,
): Promise<number> {
  const metadata = change.metadata ?? before?.metadata
  if (!metadata) throw new RangeError(`Cannot make ${table} by a change that has no metadata`)
  const protocol = before?.protocol ?? ownProtocol
  checkWritable(table, { protocol, metadata })
  const txnId = ports.uuid()
  const version = await putBehindAll(table, { before, change, metadata, protocol, txnId }, ports)
  await maintainLog(table, { version, metadata }, ports).catch(() => {
    // The commit stands, and a log without its checkpoint reads the same: the next one comes ten versions later.
  })
  return version
}

interface Attempt {
  before: Snapshot | undefined
  change: Change
  metadata: Metadata
  protocol: Protocol
  txnId: string
}

async function putBehindAll(table: string, attempt: Attempt, ports: DeltaPorts): Promise<number> {
  const { before, change, metadata, protocol, txnId } = attempt
  const readVersion = before?.version ?? -1
  let version = readVersion + 1
  let header: Action[] = [
    ...(before ? [] : [{ protocol }]),
    ...(change.metadata ? [{ metaData: change.metadata }] : []),
  ]
  for (;;) {
    const actions = [commitInfo(change, { readVersion, txnId, at: ports.clock() }), ...header, ...dataActions(change)]
    const bytes = Buffer.from(actions.map(action => `${JSON.stringify(action)}\n`).join(''))
    if (await ports.blobs.create(commitPath(table, version), bytes)) return version
    for await (const winner of commits(table, { after: version - 1 }, ports)) {
      if (isOwn(winner, txnId)) return winner.version
      const rebase = checkRebase(table, { change, metadata, protocol, winner: winner.actions })
      if ('conflict' in rebase) {
        throw new ConflictError(`Cannot commit to ${table} as another writer ${rebase.conflict} meanwhile`)
      }
      if (rebase.isHeaderDone) header = []
      version = winner.version + 1
    }
  }
}

const isOwn = ({ actions }: Commit, txnId: string): boolean =>
  actions.some(({ commitInfo: info }) => info?.txnId === txnId)

function commitInfo(change: Change, of: { readVersion: number; txnId: string; at: number }): Action {
  const { operation, parameters = {}, reads, info = {} } = change
  return {
    commitInfo: {
      ...{ timestamp: of.at, operation, operationParameters: parameters, engineInfo: 'Sidecart', txnId: of.txnId },
      ...(of.readVersion < 0 ? {} : { readVersion: of.readVersion }),
      ...{ isolationLevel: 'Serializable', isBlindAppend: reads === 'nothing' && !change.remove?.length },
      ...info,
    },
  }
}

const dataActions = ({ transactions = [], remove = [], add = [] }: Change): Action[] => [
  ...transactions.map(txn => ({ txn })),
  ...remove.map(each => ({ remove: each })),
  ...add.map(each => ({ add: each })),
]
