import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { unzipSync, type Zippable, zipSync } from 'fflate'
import type { PackageFile } from './package-files.ts'

const unix = 3
/** A regular file that all may read and its owner write. */
const attrs = (0o100644 << 16) >>> 0

/**
 * Files as a zip of the same bytes wherever and whenever it is made: in the order given, at a fixed time, with fixed permissions, and
 * deflated by JavaScript, as zlib deflates to other bytes on other processors.
 * @param level 0 stores, 9 packs most
 */
export function zip(files: readonly PackageFile[], { level = 6 }: { level?: 0 | 1 | 6 | 9 } = {}): Uint8Array {
  // The first day that a zip can name; zips keep no zone, and fflate writes what the clock on the wall shows.
  const mtime = new Date(1980, 0, 1)
  const entries: Zippable = {}
  for (const { path, bytes } of files) entries[path] = [bytes, { level, mtime, os: unix, attrs }]
  return zipSync(entries)
}

/** What each file takes within a zip. */
export function packedSizes(zipped: Uint8Array): { path: string; bytes: number; packedBytes: number }[] {
  const sizes: { path: string; bytes: number; packedBytes: number }[] = []
  unzipSync(zipped, {
    filter: ({ name, size, originalSize }) => {
      sizes.push({ path: name, bytes: originalSize, packedBytes: size })
      return false
    },
  })
  return sizes
}

/** Writes what is in a zip into a folder. */
export function unpack(zipped: Uint8Array, folder: string): void {
  for (const [path, bytes] of Object.entries(unzipSync(zipped))) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), bytes)
  }
}
