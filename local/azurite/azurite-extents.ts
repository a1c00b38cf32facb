import { createRequire } from 'node:module'

/** Azurite's own ten minutes are long for who wants to see that something is gone. */
const collectEveryMs = 60_000
/** A blob names what was written for it well within this time. */
const nameWithinMs = 10_000
const rememberedMax = 10_000

const modules = createRequire(import.meta.url)

/** What is used of Azurite's store of extents, the files that blobs' bytes are in. */
interface ExtentStore {
  prototype: {
    appendExtent(this: Extents, ...of: unknown[]): Promise<{ id: string; count: number }>
    isActiveExtent(this: Extents, id: string): boolean
  }
}
interface Extents {
  activeWriteExtents: { id: string; offset: number; appendStatus: number }[]
}
const appending = 1
/** Azurite's own name of what is in no file. */
const noFile = '*ZERO*'

/**
 * Has Azurite give every write a file of its own and remove it once no blob names it. By itself it appends what it is given to files of
 * 64 MB, of which it removes none before the last blob in it is gone: what was deleted would stay on the disk. To be called
 * before Azurite's modules are loaded.
 */
export function separateExtents(): void {
  set('azurite/dist/src/common/utils/constants.js', 'DEFAULT_MAX_EXTENT_SIZE', 1)
  // It leaves a file alone for ten minutes after the second write to it, be it of nothing.
  set('azurite/dist/src/common/utils/constants.js', 'DEFAULT_EXTENT_GC_PROTECT_TIME_IN_MS', 0)
  set('azurite/dist/src/blob/utils/constants.js', 'DEFAULT_GC_INTERVAL_MS', collectEveryMs)
  const { prototype } = load<{ default: ExtentStore }>('azurite/dist/src/common/persistence/FSExtentStore.js').default
  const { appendExtent } = prototype
  const writtenAt = new Map<string, number>()
  prototype.appendExtent = async function (...of) {
    const chunk = await appendExtent.apply(this, of)
    // The file of an empty blob is still empty, so the next blob is written to it: the empty one must not keep it.
    if (chunk.count === 0) return { ...chunk, id: noFile }
    if (writtenAt.size >= rememberedMax) forgetOld(writtenAt)
    writtenAt.set(chunk.id, Date.now())
    return chunk
  }
  // The collector asks this of each file that no blob names. A written one is never written to again.
  prototype.isActiveExtent = function (id) {
    const at = writtenAt.get(id)
    if (at !== undefined && Date.now() - at < nameWithinMs) return true
    return this.activeWriteExtents.some(
      each => each.id === id && (each.offset === 0 || each.appendStatus === appending),
    )
  }
}

const load = <T>(path: string): T => modules(path) as T

function set(path: string, name: string, value: number): void {
  load<Record<string, number>>(path)[name] = value
}

function forgetOld(writtenAt: Map<string, number>): void {
  for (const [id, at] of writtenAt) if (Date.now() - at >= nameWithinMs) writtenAt.delete(id)
}
