import type { Documents } from '../ports.ts'
import { collections } from '../schemas/collections.ts'
import type { LivePointer } from '../schemas/published.ts'

const key = { id: 'live', partition: 'live' }

/** Which generation is live; undefined before the first was published. */
export async function readLivePointer(documents: Documents): Promise<LivePointer | undefined> {
  return (await documents.read(collections.livePointer, key))?.document
}

/**
 * Takes back that the generation before the live one can be returned to: a document holds two generations, and whoever
 * publishes a third begins to write over the older one.
 */
export async function forgetPrevious(documents: Documents): Promise<void> {
  for (;;) {
    const stored = await documents.read(collections.livePointer, key)
    if (!stored?.document.previous) return
    const { previous: _, ...rest } = stored.document
    if (await documents.replace(collections.livePointer, rest, stored.etag)) return
  }
}

/** Makes a generation live unless a later one is already; tells whether it is live now. */
export async function flipLivePointer(
  to: Omit<LivePointer, 'id' | 'previous'>,
  documents: Documents,
): Promise<boolean> {
  for (;;) {
    const stored = await documents.read(collections.livePointer, key)
    if (!stored) {
      if (await documents.create(collections.livePointer, { id: 'live', ...to })) return true
      continue
    }
    const { generation, model_version } = stored.document
    if (generation >= to.generation) return generation === to.generation
    const next: LivePointer = { id: 'live', ...to, previous: { generation, model_version } }
    if (await documents.replace(collections.livePointer, next, stored.etag)) return true
  }
}
