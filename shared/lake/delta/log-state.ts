import type { Action, Add, Metadata, Protocol, Remove, Transaction } from './actions.ts'

/** What the actions of a log amount to, up to some version. Source: PROTOCOL.md, "Action Reconciliation". */
export interface LogState {
  protocol: Protocol | undefined
  metadata: Metadata | undefined
  /** The table's data files by path. */
  files: Map<string, Add>
  /** Files that are part of the table no longer, by path: what vacuum goes by. */
  tombstones: Map<string, Remove>
  /** By application. */
  transactions: Map<string, Transaction>
}

export const emptyLog = (): LogState => ({
  protocol: undefined,
  metadata: undefined,
  files: new Map(),
  tombstones: new Map(),
  transactions: new Map(),
})

/** A state of its own that begins where another stands. */
export const continued = (from: LogState): LogState => ({
  ...from,
  files: new Map(from.files),
  tombstones: new Map(from.tombstones),
  transactions: new Map(from.transactions),
})

/** Brings the state to what it is after these actions of one version. */
export function apply(state: LogState, actions: Iterable<Action>): void {
  for (const { protocol, metaData, add, remove, txn } of actions) {
    if (protocol) state.protocol = protocol
    if (metaData) state.metadata = metaData
    if (remove) {
      state.files.delete(remove.path)
      state.tombstones.set(remove.path, remove)
    }
    if (add) {
      state.files.set(add.path, add)
      state.tombstones.delete(add.path)
    }
    if (txn) state.transactions.set(txn.appId, txn)
  }
}
