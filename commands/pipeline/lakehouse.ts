import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { duckDbSql } from '../../shared/adapters/duckdb/sql.ts'
import { directoryBlobs } from '../../shared/adapters/files/blobs.ts'
import { memoryDocuments } from '../../shared/adapters/memory/documents.ts'
import { type MemoryPorts, memoryPorts } from '../../shared/adapters/memory/ports.ts'
import type { Blobs, LogRecord } from '../../shared/ports.ts'
import type { InstanceOptions } from '../../shared/training/options.ts'

/** The containers that outlive a run; the rest is scaffolding of the run. */
const kept = ['bronze', 'silver', 'quarantine', 'gold'] as const
/** What is published to documents goes with them, when the command ends. */
const published = 'silver/_published/'

/** Of an instance's memory, what SQL may take before it spills to files, as in the app. */
const sqlMemoryShare = 0.4

/** The app's ports without Azure: the lake's tables under `root`, a run's own files under `workDir`, which is beside them. */
export function lakehousePorts(at: {
  root: string
  workDir: string
  instance: InstanceOptions
  onStage: (record: LogRecord) => void
}): MemoryPorts {
  const root = directoryBlobs(at.root)
  const work = directoryBlobs(at.workDir)
  const isKept = (path: string) =>
    kept.some(container => path.startsWith(`${container}/`)) && !path.startsWith(published)
  const memoryMb = Math.floor(at.instance.memoryMb * sqlMemoryShare)
  return {
    ...memoryPorts(),
    documents: memoryDocuments(Date.now),
    blobs: byPath(path => (isKept(path) ? root : work)),
    sql: duckDbSql({ memoryMb, threads: at.instance.threads, folder: join(at.workDir, 'sql') }),
    clock: Date.now,
    uuid: randomUUID,
    log: { info: at.onStage, warn: at.onStage, error: at.onStage },
  }
}

function byPath(placeOf: (path: string) => Blobs): Blobs {
  return {
    read: path => placeOf(path).read(path),
    readRange: (path, offset, length) => placeOf(path).readRange(path, offset, length),
    write: (path, bytes) => placeOf(path).write(path, bytes),
    create: (path, bytes) => placeOf(path).create(path, bytes),
    append: (path, text) => placeOf(path).append(path, text),
    remove: path => placeOf(path).remove(path),
    localFile: (path, etag) => placeOf(path).localFile(path, etag),
    storeFile: (path, file) => placeOf(path).storeFile(path, file),
    list: prefix => placeOf(prefix).list(prefix),
  }
}
