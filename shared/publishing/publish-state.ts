import type { Documents } from '../ports.ts'
import { RunFailure } from '../runs/stage.ts'
import { collections } from '../schemas/collections.ts'
import type { Digests, PublishState } from '../schemas/published.ts'

const key = { id: 'published', partition: 'published' }
const dayMs = 86_400_000

/** What is known of the documents before a generation is written. */
export interface Before {
  /** What they hold; absent when they must be read. */
  base: Digests | undefined
  /** Nothing was ever published. */
  nothing: boolean
}

export async function readPublishState(documents: Documents): Promise<PublishState | undefined> {
  return (await documents.read(collections.publishState, key))?.document
}

/**
 * Announces that a generation begins to write, and tells what is known of the documents before it does. Digests are
 * worth what nobody wrote since: they count when the generation that wrote last also ended, and not longer than
 * `verifyDays` after documents were last read. Asked again by the same generation it tells the same.
 * @throws RunFailure when a later generation has begun
 */
export async function beginPublishing(
  { generation, createdAt, verifyDays }: { generation: number; createdAt: string; verifyDays: number },
  documents: Documents,
): Promise<Before> {
  for (;;) {
    const stored = await documents.read(collections.publishState, key)
    if (!stored) {
      if (await documents.create(collections.publishState, { id: 'published', generation }))
        return { base: undefined, nothing: true }
      continue
    }
    const { document, etag } = stored
    if (document.generation > generation) throw superseded(generation, document.generation)
    if (document.generation === generation && !document.digests) return { base: document.base, nothing: false }
    const { digests } = document
    const fresh = digests && Date.parse(createdAt) - Date.parse(digests.verified_at) <= verifyDays * dayMs
    const base = fresh ? digests : undefined
    if (await documents.replace(collections.publishState, { id: 'published', generation, base }, etag))
      return { base, nothing: false }
  }
}

/**
 * Keeps what the documents hold now that a generation is written.
 * @throws RunFailure when a later generation has begun
 */
export async function endPublishing(digests: Digests, documents: Documents): Promise<void> {
  const { generation } = digests
  for (;;) {
    const stored = await documents.read(collections.publishState, key)
    if (stored?.document.generation !== generation) throw superseded(generation, stored?.document.generation)
    const ended: PublishState = { id: 'published', generation, digests }
    if (await documents.replace(collections.publishState, ended, stored.etag)) return
  }
}

function superseded(generation: number, by: number | undefined): RunFailure {
  return new RunFailure(`Generation ${generation} is not published: generation ${by ?? '(none)'} writes since`)
}
