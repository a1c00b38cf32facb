import { mkdtempSync, rmSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BlobEntry, Blobs, Clock } from '../../ports.ts'
import { beyondBlobEnd, checkBlobRange } from '../../schemas/blob-range.ts'

interface StoredBlob {
  bytes: Uint8Array
  version: number
  modifiedMs: number
  /** Its content as a file, once it was asked for. */
  file?: Promise<string>
}

export interface MemoryBlobs extends Blobs {
  /** Blobs of their own that hold the same by now. */
  copy(clock: Clock): MemoryBlobs
}

/** Blobs in memory; bytes are copied in and out. Only `localFile` leaves memory, for a folder that goes with the process. */
export function memoryBlobs(clock: Clock = Date.now): MemoryBlobs {
  return blobsOf(new Map(), 0, clock)
}

function blobsOf(stored: Map<string, StoredBlob>, versionBefore: number, clock: Clock): MemoryBlobs {
  let version = versionBefore
  const put = (path: string, bytes: Uint8Array): void => {
    version += 1
    stored.set(path, { bytes: bytes.slice(), version, modifiedMs: clock() })
  }
  return {
    copy: otherClock => blobsOf(new Map(stored), version, otherClock),
    read: async path => stored.get(path)?.bytes.slice(),
    readRange: async (path, offset, length) => {
      checkBlobRange(path, offset, length)
      const bytes = stored.get(path)?.bytes
      if (bytes && offset + length > bytes.length) throw beyondBlobEnd(path, offset + length)
      return bytes?.slice(offset, offset + length)
    },
    write: async (path, bytes) => put(path, bytes),
    create: async (path, bytes) => {
      if (stored.has(path)) return false
      put(path, bytes)
      return true
    },
    append: async (path, text) => {
      const before = stored.get(path)?.bytes ?? new Uint8Array()
      put(path, Buffer.concat([before, Buffer.from(text)]))
    },
    remove: async path => void stored.delete(path),
    localFile: async (path, etag) => {
      const blob = stored.get(path)
      if (!blob || (etag !== undefined && etag !== etagOf(blob))) return undefined
      blob.file ??= writtenFile(path, blob.bytes)
      return blob.file
    },
    storeFile: async (path, file) => put(path, await readFile(file)),
    async *list(prefix): AsyncIterable<BlobEntry> {
      const paths = [...stored.keys()].filter(path => path.startsWith(prefix)).sort()
      for (const path of paths) {
        const blob = stored.get(path)
        if (blob) yield { path, bytes: blob.bytes.length, etag: etagOf(blob), modifiedMs: blob.modifiedMs }
      }
    },
  }
}

const etagOf = ({ version }: { version: number }): string => `v${version}`

let folder: string | undefined
let files = 0

/** All memory blobs of a process keep their files in one folder. */
async function writtenFile(path: string, bytes: Uint8Array): Promise<string> {
  folder ??= folderOfProcess()
  files += 1
  const file = join(folder, `${files}-${path.slice(path.lastIndexOf('/') + 1)}`)
  await writeFile(file, bytes)
  return file
}

function folderOfProcess(): string {
  const made = mkdtempSync(join(tmpdir(), 'sidecart-blobs-'))
  process.once('exit', () => rmSync(made, { recursive: true, force: true }))
  return made
}
