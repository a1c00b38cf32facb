import type { Action, Add, Metadata, Protocol, Remove, Transaction } from './actions.ts'
import { commitPath, commits, type DeltaPorts, type Snapshot } from './snapshot.ts'

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

const protocol: Protocol = { minReaderVersion: 1, minWriterVersion: 2 }

/**
 * Commits a change to the table as of `before` (undefined: the table is to be made) by putting the next version's file
 * unless it exists. When others were first, their commits are checked: the change goes behind them if they are
 * independent. Resolves with the version it got.
 * @throws ConflictError when they are not
 */
export async function commit(
  table: string,
  before: Snapshot | undefined,
  change: Change,
  ports: DeltaPorts,
): Promise<number> {
  let version = (before?.version ?? -1) + 1
  for (;;) {
    const bytes = Buffer.from(lines(before, change, version, ports))
    if (await ports.blobs.create(commitPath(table, version), bytes)) return version
    for await (const winner of commits(table, { after: version - 1 }, ports)) {
      checkConflict(table, { before, change, winner: winner.actions })
      version = winner.version + 1
    }
  }
}

function lines(before: Snapshot | undefined, change: Change, version: number, { clock, uuid }: DeltaPorts): string {
  const { operation, parameters = {}, reads, info = {}, metadata, add = [], remove = [], transactions = [] } = change
  const commitInfo = {
    ...{ timestamp: clock(), operation, operationParameters: parameters, engineInfo: 'Sidecart', txnId: uuid() },
    ...{ readVersion: version - 1, isolationLevel: 'Serializable', isBlindAppend: reads === 'nothing' },
    ...info,
  }
  const actions: Action[] = [
    { commitInfo },
    ...(before ? [] : [{ protocol }]),
    ...(metadata ? [{ metaData: metadata }] : []),
    ...transactions.map(txn => ({ txn })),
    ...remove.map(each => ({ remove: each })),
    ...add.map(each => ({ add: each })),
  ]
  return `${actions.map(action => JSON.stringify(action)).join('\n')}\n`
}

function checkConflict(
  table: string,
  { before, change, winner }: { before: Snapshot | undefined; change: Change; winner: readonly Action[] },
): void {
  const mine = new Set(change.remove?.map(({ path }) => path))
  const applications = new Set(change.transactions?.map(({ appId }) => appId))
  const refuse = (what: string): never => {
    throw new ConflictError(`Cannot commit to ${table} as another writer ${what} meanwhile`)
  }
  if (!before) refuse('made it')
  for (const { protocol: raised, metaData, add, remove, txn } of winner) {
    if (raised) refuse('changed its protocol')
    if (metaData) refuse('changed its columns')
    if (txn && applications.has(txn.appId)) refuse(`moved ${txn.appId} on`)
    if (remove && (mine.has(remove.path) || (change.reads === 'table' && remove.dataChange))) {
      refuse(`removed ${remove.path}`)
    }
    if (add?.dataChange && change.reads === 'table') refuse(`added ${add.path}`)
  }
}
