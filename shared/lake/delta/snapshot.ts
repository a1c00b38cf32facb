import type { Ports } from '../../ports.ts'
import { Action, type Add, type CommitInfo, type Metadata, type Protocol, type Remove } from './actions.ts'

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
}

export type DeltaPorts = Pick<Ports, 'blobs' | 'sql' | 'clock' | 'uuid'>

/** What a table is asked for as of: a version, or the last version committed at or before a time. */
export type AsOf = { version: number } | { timestampMs: number }

/** What one commit did. */
export interface Commit {
  version: number
  actions: Action[]
}

const commitName = /\/_delta_log\/(\d{20})\.json$/
export const commitPath = (table: string, version: number): string =>
  `${table}/_delta_log/${version.toString().padStart(20, '0')}.json`

/** The table at its newest version, or as of an earlier one; undefined when there is no such table or version. */
export async function readSnapshot(table: string, ports: DeltaPorts, asOf?: AsOf): Promise<Snapshot | undefined> {
  const state = emptyState()
  let version = -1
  let timestamp = 0
  for await (const commit of commits(table, { after: -1 }, ports)) {
    if (asOf && 'version' in asOf && commit.version > asOf.version) break
    const at = commitTime(commit)
    if (asOf && 'timestampMs' in asOf && at > asOf.timestampMs) break
    apply(state, commit.actions)
    version = commit.version
    timestamp = at
  }
  if (version < 0 || !state.protocol || !state.metadata) return undefined
  if (asOf && 'version' in asOf && version < asOf.version) return undefined
  checkReadable(table, state.protocol)
  const { protocol, metadata, files, transactions } = state
  return { path: table, version, timestamp, protocol, metadata, files, transactions }
}

/** The commits after a version, in order. */
export async function* commits(
  table: string,
  { after }: { after: number },
  { blobs }: Pick<DeltaPorts, 'blobs'>,
): AsyncIterable<Commit> {
  for await (const { path } of blobs.list(`${table}/_delta_log/`)) {
    const version = Number(commitName.exec(path)?.[1] ?? Number.NaN)
    if (!(version > after)) continue
    const bytes = await blobs.read(path)
    if (!bytes) throw new Error(`Cannot read ${path}: it was listed and is gone`)
    yield { version, actions: parseCommit(bytes) }
  }
}

export function parseCommit(bytes: Uint8Array): Action[] {
  const lines = new TextDecoder().decode(bytes).split('\n')
  return lines.filter(line => line.trim() !== '').map(line => Action.parse(JSON.parse(line)))
}

/** The files that came and went after a version: what there is to do since. */
export async function changesSince(
  table: string,
  after: number,
  ports: Pick<DeltaPorts, 'blobs'>,
): Promise<{ version: number; added: Add[]; removed: Remove[]; info: CommitInfo | undefined }[]> {
  const changes = []
  for await (const { version, actions } of commits(table, { after }, ports)) {
    changes.push({
      version,
      added: actions.flatMap(({ add }) => (add?.dataChange ? [add] : [])),
      removed: actions.flatMap(({ remove }) => (remove?.dataChange ? [remove] : [])),
      info: actions.find(({ commitInfo }) => commitInfo)?.commitInfo,
    })
  }
  return changes
}

interface State {
  protocol: Protocol | undefined
  metadata: Metadata | undefined
  files: Map<string, Add>
  transactions: Map<string, number>
}

const emptyState = (): State => ({
  protocol: undefined,
  metadata: undefined,
  files: new Map(),
  transactions: new Map(),
})

function apply(state: State, actions: readonly Action[]): void {
  for (const { protocol, metaData, add, remove, txn } of actions) {
    if (protocol) state.protocol = protocol
    if (metaData) state.metadata = metaData
    if (remove) state.files.delete(remove.path)
    if (add) state.files.set(add.path, add)
    if (txn) state.transactions.set(txn.appId, txn.version)
  }
}

const commitTime = ({ actions }: Commit): number =>
  actions.find(({ commitInfo }) => commitInfo?.timestamp !== undefined)?.commitInfo?.timestamp ?? 0

/** Features that change nothing for whoever reads columns by name from whole files. */
const readableFeatures = new Set(['timestampNtz', 'vacuumProtocolCheck'])

function checkReadable(table: string, { minReaderVersion, readerFeatures }: Protocol): void {
  const unknown = (readerFeatures ?? []).filter(feature => !readableFeatures.has(feature))
  if (minReaderVersion <= 1 || (minReaderVersion === 3 && unknown.length === 0)) return
  const needs = minReaderVersion === 3 ? `the features ${unknown.join(', ')}` : `reader version ${minReaderVersion}`
  throw new RangeError(`Cannot read ${table} as it needs ${needs}`)
}
