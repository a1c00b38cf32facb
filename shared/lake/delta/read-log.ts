import type { Blobs, Ports } from '../../ports.ts'
import { type Checkpoint, lastCheckpoint, readCheckpoint, secondSpecification } from './checkpoint.ts'
import { type Commit, commits, LogCleanedError } from './commits.ts'
import { logFile, logFolder } from './log-paths.ts'
import { apply, continued, emptyLog, type LogState } from './log-state.ts'

/** A table's log, read up to a version. */
export interface ReadLog {
  /** -1 before the first commit. */
  version: number
  /** When the version was committed, by its writer's clock; 0 when nobody can tell. */
  timestamp: number
  /** Shared with whoever else reads the table: changed by no one. */
  state: LogState
}

type LogPorts = Pick<Ports, 'blobs' | 'sql' | 'clock'>

/**
 * The log up to its newest version, or up to an earlier one; undefined when there is no such table or version. Begins at
 * what this process has read of it before, or else at a checkpoint.
 * @throws LogCleanedError when the log begins after that version
 */
export async function readLog(
  table: string,
  ports: LogPorts,
  { upTo }: { upTo?: number | undefined } = {},
): Promise<ReadLog | undefined> {
  const known = remembered(table, ports)
  const begun = known && (upTo === undefined || known.version <= upTo) ? known : await hinted(table, ports, upTo)
  let log = begun && (await readOn(table, begun, ports, upTo))
  // No word of a checkpoint and no first commit: there is no table, or its log has been cleaned.
  if (!log || log.version < 0) {
    const listed = await newestListed(table, ports, upTo)
    log = listed && (await readOn(table, listed, ports, upTo))
  }
  if (!log || log.version < 0) return undefined
  remember(table, log, ports)
  return upTo !== undefined && log.version < upTo ? undefined : log
}

/** The beginning that `_last_checkpoint` names, or the log's own; undefined when that is beyond what is asked for. */
async function hinted(table: string, ports: LogPorts, upTo: number | undefined): Promise<ReadLog | undefined> {
  const last = await lastCheckpoint(table, ports)
  if (last === undefined) return { version: -1, timestamp: 0, state: emptyLog() }
  if (upTo !== undefined && last.version > upTo) return undefined
  return fromCheckpoint(table, last, ports)
}

async function fromCheckpoint(table: string, checkpoint: Checkpoint, ports: LogPorts): Promise<ReadLog | undefined> {
  const { version } = checkpoint
  const [state, own] = await Promise.all([
    readCheckpoint(table, checkpoint, ports),
    Array.fromAsync(commits(table, { after: version - 1, upTo: version }, ports)),
  ])
  return state && { version, timestamp: own[0] ? commitTime(own[0]) : 0, state }
}

async function readOn(table: string, begun: ReadLog, ports: LogPorts, upTo: number | undefined): Promise<ReadLog> {
  let { version, timestamp, state } = begun
  for await (const commit of commits(table, { after: version, ...(upTo === undefined ? {} : { upTo }) }, ports)) {
    if (state === begun.state) state = continued(state)
    apply(state, commit.actions)
    version = commit.version
    timestamp = commitTime(commit)
  }
  return { version, timestamp, state }
}

/** The newest beginning there is up to a version, found by looking at every file of the log. */
async function newestListed(table: string, ports: LogPorts, upTo = Number.POSITIVE_INFINITY) {
  const parts = new Map<string, { version: number; parts: number; found: number }>()
  let first = Number.POSITIVE_INFINITY
  let second: number | undefined
  for await (const { path } of ports.blobs.list(logFolder(table))) {
    const file = logFile(path)
    if (!file) continue
    if (file.type === 'commit') first = Math.min(first, file.version)
    else if (file.type === 'v2-checkpoint') second = file.version
    else {
      const key = `${file.version}/${file.parts}`
      const { found } = parts.get(key) ?? { found: 0 }
      parts.set(key, { version: file.version, parts: file.parts, found: found + 1 })
    }
  }
  const whole = [...parts.values()].filter(({ parts: of, found }) => of === found)
  const checkpoint = whole.filter(({ version }) => version <= upTo).sort((a, b) => b.version - a.version)[0]
  if (checkpoint) return fromCheckpoint(table, checkpoint, ports)
  if (first === 0) return { version: -1, timestamp: 0, state: emptyLog() }
  if (second !== undefined) throw secondSpecification(table, second)
  const earliest = Math.min(...whole.map(({ version }) => version))
  if (earliest === Number.POSITIVE_INFINITY && first === Number.POSITIVE_INFINITY) return undefined
  const asked = Number.isFinite(upTo) ? ` as of version ${upTo}` : ''
  throw new LogCleanedError(`Cannot read ${table}${asked}: its log has been cleaned and begins at ${earliest}`)
}

/** When a commit was made, by its writer's clock; 0 when it does not say. */
export const commitTime = ({ actions }: Commit): number =>
  actions.find(({ commitInfo }) => commitInfo?.timestamp !== undefined)?.commitInfo?.timestamp ?? 0

/** Commits are never changed, so what was read of a log is read once a process. */
const memories = new WeakMap<Blobs, Map<string, ReadLog & { at: number }>>()
/** Far below the time after which a log is cleaned: a next version that is not there then was never made. */
const rememberedMs = 3_600_000

function remembered(table: string, { blobs, clock }: LogPorts): ReadLog | undefined {
  const found = memories.get(blobs)?.get(table)
  return found && clock() - found.at < rememberedMs ? found : undefined
}

function remember(table: string, log: ReadLog, { blobs, clock }: LogPorts): void {
  const memory = memories.get(blobs) ?? new Map<string, ReadLog & { at: number }>()
  memories.set(blobs, memory)
  const known = memory.get(table)
  if (known === undefined || known.version <= log.version || clock() - known.at >= rememberedMs) {
    memory.set(table, { ...log, at: clock() })
  }
}
