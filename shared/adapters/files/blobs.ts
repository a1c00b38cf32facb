import { randomUUID } from 'node:crypto'
import type { BigIntStats } from 'node:fs'
import {
  appendFile,
  copyFile,
  link,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { BlobEntry, Blobs } from '../../ports.ts'
import { beyondBlobEnd, checkBlobRange } from '../../schemas/blob-range.ts'

/** What a write in progress is called: beside its target, and no blob yet. */
const unfinished = /^\.[0-9a-f-]{36}\.tmp$/

/**
 * Blobs as files under a directory: `container/name` is the file of that path. A reader sees the old content or the new,
 * never a part. Unlike Azure's, a blob's path cannot go on below another blob's.
 */
export function directoryBlobs(root: string): Blobs {
  return {
    read: path => unless('ENOENT', () => readFile(fileOf(root, path))),
    readRange: (path, offset, length) => {
      checkBlobRange(path, offset, length)
      return unless('ENOENT', () => rangeOf(fileOf(root, path), { path, offset, length }))
    },
    write: async (path, bytes) => {
      const file = fileOf(root, path)
      await viaTemporary(
        file,
        temporary => writeFile(temporary, bytes),
        temporary => rename(temporary, file),
      )
    },
    create: async (path, bytes) => {
      const file = fileOf(root, path)
      // A link, unlike a rename, refuses to take the place of a file.
      const made = await viaTemporary(
        file,
        temporary => writeFile(temporary, bytes),
        temporary =>
          unless('EEXIST', async () => {
            await link(temporary, file)
            return true
          }),
      )
      return made === true
    },
    append: async (path, text) => {
      const file = fileOf(root, path)
      await mkdir(dirname(file), { recursive: true })
      await appendFile(file, text)
    },
    remove: path => rm(fileOf(root, path), { force: true }),
    list: prefix => listed(root, prefix),
    localFile: async (path, etag) => {
      const file = fileOf(root, path)
      const found = await unless('ENOENT', () => stat(file, { bigint: true }))
      return found && (etag === undefined || etag === etagOf(found)) ? file : undefined
    },
    storeFile: async (path, from) => {
      const file = fileOf(root, path)
      await mkdir(dirname(file), { recursive: true })
      const moved = await unless('EXDEV', async () => {
        await rename(from, file)
        return true
      })
      if (moved) return
      await viaTemporary(
        file,
        temporary => copyFile(from, temporary),
        temporary => rename(temporary, file),
      )
    },
  }
}

async function rangeOf(file: string, range: { path: string; offset: number; length: number }): Promise<Uint8Array> {
  const { path, offset, length } = range
  const handle = await open(file)
  try {
    const bytes = Buffer.allocUnsafeSlow(length)
    let read = 0
    while (read < length) {
      const { bytesRead } = await handle.read(bytes, read, length - read, offset + read)
      if (bytesRead === 0) throw beyondBlobEnd(path, offset + length)
      read += bytesRead
    }
    if (length === 0 && (await handle.stat()).size < offset) throw beyondBlobEnd(path, offset)
    return bytes
  } finally {
    await handle.close()
  }
}

async function* listed(root: string, prefix: string): AsyncIterable<BlobEntry> {
  checkPath(prefix)
  const folder = prefix.slice(0, prefix.lastIndexOf('/'))
  const entries = await unless('ENOENT', () => readdir(join(root, folder), { recursive: true, withFileTypes: true }))
  const paths = (entries ?? [])
    .filter(entry => entry.isFile() && !unfinished.test(entry.name))
    .map(entry => join(entry.parentPath, entry.name).slice(join(root, folder).length + 1))
    .map(name => `${folder}/${name.replaceAll('\\', '/')}`)
    .filter(path => path.startsWith(prefix))
    .sort()
  for (const path of paths) {
    const found = await unless('ENOENT', () => stat(fileOf(root, path), { bigint: true }))
    if (found) {
      yield { path, bytes: Number(found.size), etag: etagOf(found), modifiedMs: Number(found.mtimeMs) }
    }
  }
}

/** A rewritten file is another file: its number tells two writes within one tick of the clock apart. */
const etagOf = ({ ino, mtimeNs, size }: BigIntStats): string => `${ino}-${mtimeNs}-${size}`

async function viaTemporary<T>(
  file: string,
  fill: (temporary: string) => Promise<void>,
  settle: (temporary: string) => Promise<T>,
): Promise<T> {
  const temporary = join(dirname(file), `.${randomUUID()}.tmp`)
  await mkdir(dirname(file), { recursive: true })
  try {
    await fill(temporary)
    return await settle(temporary)
  } finally {
    await rm(temporary, { force: true })
  }
}

function fileOf(root: string, path: string): string {
  checkPath(path)
  return join(root, path)
}

/** A path stays below the root, and its last part is not what a write in progress is called. */
function checkPath(path: string): void {
  const parts = path.split('/')
  const isBelow = parts.length > 1 && parts[0] !== '' && !parts.includes('.') && !parts.includes('..')
  if (isBelow && !unfinished.test(basename(path))) return
  throw new RangeError(`Cannot reach a blob as its path must be container/name: current value is ${path}`)
}

/** A missing file, one that is there already, or one on another disk is an answer: undefined. */
async function unless<T>(code: 'ENOENT' | 'EEXIST' | 'EXDEV', call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call()
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === code) return undefined
    throw cause
  }
}
