import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BlobEntry, Blobs } from '../../ports.ts'
import { beyondBlobEnd, checkBlobRange } from '../../schemas/blob-range.ts'

/** Blobs in memory; bytes are copied in and out. */
export function memoryBlobs(): Blobs {
  const stored = new Map<string, { bytes: Uint8Array; version: number }>()
  let version = 0
  let folder: Promise<string> | undefined
  const put = (path: string, bytes: Uint8Array): void => {
    version += 1
    stored.set(path, { bytes: bytes.slice(), version })
  }
  return {
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
      folder ??= mkdtemp(join(tmpdir(), 'sidecart-blobs-'))
      const file = join(await folder, `${blob.version}-${path.slice(path.lastIndexOf('/') + 1)}`)
      await writeFile(file, blob.bytes)
      return file
    },
    storeFile: async (path, file) => put(path, await readFile(file)),
    async *list(prefix): AsyncIterable<BlobEntry> {
      const paths = [...stored.keys()].filter(path => path.startsWith(prefix)).sort()
      for (const path of paths) {
        const blob = stored.get(path)
        if (blob) yield { path, bytes: blob.bytes.length, etag: etagOf(blob) }
      }
    },
  }
}

const etagOf = ({ version }: { version: number }): string => `v${version}`
