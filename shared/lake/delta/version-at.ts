import type { Ports } from '../../ports.ts'
import { commits, LogCleanedError } from './commits.ts'
import { logFile, logFolder } from './log-paths.ts'
import { commitTime } from './read-log.ts'

/**
 * The last version committed at or before a time; undefined when there is no such table. Clocks differ between writers: a
 * commit that says it is not later than the one before it counts as one millisecond later, so that times grow as versions
 * do. Source: PROTOCOL.md, "Commit Provenance Information", as Spark adjusts times.
 * @throws RangeError when the table is younger than that
 * @throws LogCleanedError when the log no longer reaches back that far
 */
export async function versionAt(
  table: string,
  timestampMs: number,
  ports: Pick<Ports, 'blobs'>,
): Promise<number | undefined> {
  const first = await firstReadable(table, ports)
  if (first === undefined) return undefined
  let before = Number.NEGATIVE_INFINITY
  let version: number | undefined
  for await (const commit of commits(table, { after: first - 1 }, ports)) {
    const at = Math.max(commitTime(commit), before + 1)
    if (at > timestampMs) {
      if (version !== undefined) break
      const message = `Cannot read ${table} as of ${isoTime(timestampMs)}: its version ${first} is of ${isoTime(at)}`
      throw first === 0 ? new RangeError(message) : new LogCleanedError(message)
    }
    version = commit.version
    before = at
  }
  return version
}

const isoTime = (ms: number): string => new Date(ms).toISOString()

/** The first version whose state can still be told: the log's first, or that of the first checkpoint. */
export async function firstReadable(table: string, { blobs }: Pick<Ports, 'blobs'>): Promise<number | undefined> {
  let checkpoint: number | undefined
  for await (const { path } of blobs.list(logFolder(table))) {
    const file = logFile(path)
    if (file?.type === 'commit' && file.version === 0) return 0
    if (file?.type === 'checkpoint') checkpoint ??= file.version
  }
  return checkpoint
}
