import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { directoryBlobs } from '../../shared/adapters/files/blobs.ts'
import { memoryDocuments } from '../../shared/adapters/memory/documents.ts'
import { type MemoryPorts, memoryPorts } from '../../shared/adapters/memory/ports.ts'
import type { FileKind } from '../../shared/ingest/landing-files.ts'
import type { Blobs, LogRecord } from '../../shared/ports.ts'

/** The containers that outlive a run; the rest is scaffolding of the run. */
const kept = ['bronze', 'quarantine', 'gold'] as const

/** What an earlier run of this command left of the same files: it would be taken for part of this run's. */
const replaced = ['bronze/orders/landing', 'bronze/_manifests/landing', 'quarantine/landing'] as const

/** Where the landing job finds the file of a kind: always the same name, so that a second run takes the first's place. */
export const landingPath = (kind: FileKind) => `landing/${kind}/${kind}.csv`

/** The app's ports without Azure: bronze, quarantine and gold under `root`, a run's own files under `workDir`. */
export function lakehousePorts(at: {
  root: string
  workDir: string
  onStage: (record: LogRecord) => void
}): MemoryPorts {
  const root = directoryBlobs(at.root)
  const work = directoryBlobs(at.workDir)
  const isKept = (path: string) => kept.some(container => path.startsWith(`${container}/`))
  return {
    ...memoryPorts(),
    documents: memoryDocuments(Date.now),
    blobs: byPath(path => (isKept(path) ? root : work)),
    clock: Date.now,
    uuid: randomUUID,
    log: { info: at.onStage, warn: at.onStage, error: at.onStage },
  }
}

/** Forgets what an earlier run on this root took in; gold stays until there is a new one. */
export async function forgetEarlierFiles(root: string): Promise<void> {
  await Promise.all(replaced.map(folder => rm(join(root, folder), { recursive: true, force: true })))
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
