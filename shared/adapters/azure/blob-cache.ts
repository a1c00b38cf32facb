import { rmSync } from 'node:fs'
import { mkdtemp, rename, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { once } from './once.ts'

/** What downloaded blobs may take on the instance's own disk: Flex Consumption gives it 0.8 GB at 2,048 MB. */
const cachedBytesMax = 512 * 1024 * 1024
/** A file given out this lately may yet be read. */
const inUseMs = 15 * 60_000

interface Cached {
  coming: Promise<{ file: string; bytes: number } | undefined>
  usedAt: number
}

/**
 * Downloaded blobs by path, so that a table's file is fetched once an instance; those used longest ago go first. A file
 * on its way is waited for, not fetched twice. `fetch` writes the blob to the file it is given, or tells there is none.
 */
export function blobCache(
  bytesMax = cachedBytesMax,
): (path: string, fetch: (file: string) => Promise<unknown>) => Promise<string | undefined> {
  const folder = once(async () => {
    const made = await mkdtemp(join(tmpdir(), 'sidecart-blobs-'))
    process.once('exit', () => rmSync(made, { recursive: true, force: true }))
    return made
  })
  const cached = new Map<string, Cached>()
  let files = 0
  const download = async (fetch: (file: string) => Promise<unknown>) => {
    files += 1
    // Taken before anything is waited for: two on their way at once are two files.
    const name = String(files)
    const file = join(await folder(), name)
    if ((await fetch(`${file}.part`)) === undefined) return undefined
    await rename(`${file}.part`, file)
    return { file, bytes: (await stat(file)).size }
  }
  return async (path, fetch) => {
    const known = cached.get(path)
    const coming = known?.coming ?? download(fetch)
    // Moved to the end: used last.
    cached.delete(path)
    cached.set(path, { coming, usedAt: Date.now() })
    try {
      const found = await coming
      if (!found) cached.delete(path)
      else if (!known) await removeOldest(cached, bytesMax)
      return found?.file
    } catch (cause) {
      cached.delete(path)
      throw cause
    }
  }
}

async function removeOldest(cached: Map<string, Cached>, bytesMax: number): Promise<void> {
  const entries = await Promise.all(
    // Whoever asked for a file that failed is told; here it counts for nothing.
    [...cached].map(async ([path, { coming, usedAt }]) => ({
      path,
      usedAt,
      found: await coming.catch(() => undefined),
    })),
  )
  let over = entries.reduce((sum, { found }) => sum + (found?.bytes ?? 0), 0) - bytesMax
  for (const { path, usedAt, found } of entries) {
    if (over <= 0 || Date.now() - usedAt < inUseMs) return
    if (!found) continue
    over -= found.bytes
    cached.delete(path)
    await rm(found.file, { force: true })
  }
}
