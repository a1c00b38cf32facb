import { dataPath } from '../lake/delta/log-paths.ts'
import { readSnapshot } from '../lake/delta/snapshot.ts'
import type { Ports } from '../ports.ts'
import { BackedUpBlob, type BackedUpBlobs } from '../schemas/backup.ts'
import { BackupError } from './backup-error.ts'
import { type Place, readLines } from './place.ts'

/**
 * Reads every table of the lake in a backup by its log, and sees that all files it is made of are there.
 * @throws BackupError naming the table: an erasure wrote it anew while it was copied
 */
export async function checkTables(
  to: Place,
  containers: readonly BackedUpBlobs[],
  ports: Pick<Ports, 'sql' | 'clock' | 'uuid'>,
): Promise<number> {
  const { blobs, prefix } = to
  const { sql, clock, uuid } = ports
  const copied = new Set<string>()
  for (const { index } of containers) {
    for (const { path } of await readLines(index, BackedUpBlob, to)) copied.add(`${prefix}/blobs/${path}`)
  }
  const tables = new Set([...copied].flatMap(path => /^(.+)\/_delta_log\//.exec(path)?.[1] ?? []))
  for (const table of tables) {
    const snapshot = await readSnapshot(table, { blobs, sql, clock, uuid })
    const missing = [...(snapshot?.files.keys() ?? [])].find(file => !copied.has(dataPath(table, file)))
    if (snapshot && missing === undefined) continue
    const what = missing === undefined ? 'has no version' : `lacks ${missing}`
    throw new BackupError(`The copy of ${table} ${what}: it was written anew meanwhile. Run it again`)
  }
  return tables.size
}
