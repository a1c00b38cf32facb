import type { Ports } from '../../ports.ts'
import { commits } from './commits.ts'
import { checkWritable } from './features.ts'
import { dataPath } from './log-paths.ts'
import { retentionMs } from './retention.ts'
import { type DeltaPorts, readSnapshot, type Snapshot } from './snapshot.ts'
import { firstReadable } from './version-at.ts'

const hourMs = 3_600_000
const retentionHoursMin = 168
/** Files on their way out at once. */
const concurrent = 16

export interface Vacuumed {
  /** Paths of the files that went, or that would have gone. */
  files: string[]
  bytes: number
}

/**
 * Removes the files that the newest version has no use for and had none for so long: what was replaced, and what a writer
 * left that never came to commit it. Versions that used them can be read no longer. A table that is not there has none.
 * @param options.retentionHours without it the table's own, a week where it has none
 * @param options.dryRun tells what would go, and removes nothing
 * @throws RangeError below a week, unless `force` says that no reader or writer is at the table for that long
 */
export async function vacuum(
  table: string,
  options: { retentionHours?: number; dryRun?: boolean; force?: boolean },
  ports: DeltaPorts,
): Promise<Vacuumed> {
  const snapshot = await readSnapshot(table, ports)
  if (!snapshot) return { files: [], bytes: 0 }
  checkWritable(table, snapshot)
  const own = retentionMs(snapshot.metadata, 'delta.deletedFileRetentionDuration') / hourMs
  const { retentionHours = own, dryRun = false, force = false } = options
  if (!(retentionHours >= (force ? 0 : retentionHoursMin))) {
    throw new RangeError(
      `Cannot vacuum ${table} as retentionHours must be at least ${retentionHoursMin}: current value is ${retentionHours}`,
    )
  }
  const unusedSince = ports.clock() - retentionHours * hourMs
  const used = new Set([...snapshot.files.keys(), ...(await removedSince(snapshot, unusedSince, ports))])
  const unused = await unusedFiles(snapshot, { used, unusedSince }, ports)
  const files = unused.map(({ path }) => path)
  for (let start = 0; start < files.length && !dryRun; start += concurrent) {
    await Promise.all(files.slice(start, start + concurrent).map(path => ports.blobs.remove(path)))
  }
  return { files, bytes: unused.reduce((sum, { bytes }) => sum + bytes, 0) }
}

/** A checkpoint may forget sooner what was removed than versions are to be kept: then the commits tell, as far as they go. */
async function removedSince(
  { path: table, tombstones }: Snapshot,
  since: number,
  ports: Pick<Ports, 'blobs'>,
): Promise<string[]> {
  const removed = [...tombstones.values()]
  const first = (await firstReadable(table, ports)) ?? 0
  for await (const { actions } of commits(table, { after: first - 1 }, ports)) {
    removed.push(...actions.flatMap(({ remove }) => (remove ? [remove] : [])))
  }
  return removed.filter(({ deletionTimestamp }) => (deletionTimestamp ?? 0) > since).map(({ path }) => path)
}

async function unusedFiles(
  { path: table, metadata }: Snapshot,
  of: { used: ReadonlySet<string>; unusedSince: number },
  { blobs }: Pick<Ports, 'blobs'>,
): Promise<{ path: string; bytes: number }[]> {
  const used = new Set([...of.used].map(path => dataPath(table, path)))
  // The log and what else begins with _ or . is none of the data, but for folders of partitions.
  const isHidden = (part: string): boolean =>
    /^[_.]/.test(part) && !metadata.partitionColumns.some(column => part.startsWith(`${encodeURIComponent(column)}=`))
  const unused: { path: string; bytes: number }[] = []
  for await (const { path, bytes, modifiedMs } of blobs.list(`${table}/`)) {
    if (used.has(path) || modifiedMs > of.unusedSince) continue
    if (
      !path
        .slice(table.length + 1)
        .split('/')
        .some(isHidden)
    )
      unused.push({ path, bytes })
  }
  return unused
}
