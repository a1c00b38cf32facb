import type { Ports } from '../../ports.ts'
import type { Metadata } from './actions.ts'
import { commits } from './commits.ts'
import { logFile, logFolder } from './log-paths.ts'
import { commitTime, readLog } from './read-log.ts'
import { retentionMs } from './retention.ts'
import { writeCheckpoint } from './write-checkpoint.ts'

const defaultInterval = 10

/**
 * What whoever committed a version owes to the log: every tenth version gets a checkpoint, and then what is older than
 * the log's retention goes.
 */
export async function maintainLog(
  table: string,
  { version, metadata }: { version: number; metadata: Metadata },
  ports: Pick<Ports, 'blobs' | 'sql' | 'clock' | 'uuid'>,
): Promise<void> {
  const interval = Number(metadata.configuration?.['delta.checkpointInterval'] ?? defaultInterval)
  if (version === 0 || version % interval !== 0) return
  const log = await readLog(table, ports, { upTo: version })
  if (!log) throw new Error(`Cannot write checkpoint ${version} of ${table}: the version is gone`)
  await writeCheckpoint(table, log, ports)
  if (metadata.configuration?.['delta.enableExpiredLogCleanup'] !== 'false') await cleanLog(table, metadata, ports)
}

/**
 * Removes commits and checkpoints before the newest checkpoint that is older than the log's retention, the oldest first:
 * whatever is left can be read, also when the removal is cut short.
 */
async function cleanLog(table: string, metadata: Metadata, ports: Pick<Ports, 'blobs' | 'clock'>): Promise<void> {
  const { blobs, clock } = ports
  const keptSince = clock() - retentionMs(metadata, 'delta.logRetentionDuration')
  const files: { path: string; version: number }[] = []
  const checkpoints: number[] = []
  for await (const { path, modifiedMs } of blobs.list(logFolder(table))) {
    const file = logFile(path)
    // What is listed is in order of versions: all that follows is younger.
    if (!file || modifiedMs >= keptSince) break
    files.push({ path, version: file.version })
    if (file.type === 'checkpoint' && file.parts === 1) checkpoints.push(file.version)
  }
  const oldest = await oldestNeeded(table, { checkpoints, keptSince }, ports)
  for (const { path, version } of files) if (version < oldest) await blobs.remove(path)
}

/** The newest checkpoint whose commit is older than the retention, by its writer's clock too; 0 when there is none. */
async function oldestNeeded(
  table: string,
  { checkpoints, keptSince }: { checkpoints: readonly number[]; keptSince: number },
  ports: Pick<Ports, 'blobs'>,
): Promise<number> {
  for (const version of checkpoints.toReversed()) {
    for await (const commit of commits(table, { after: version - 1, upTo: version }, ports)) {
      if (commitTime(commit) < keptSince) return version
    }
  }
  return 0
}
