import type { Documents, Ports } from '../ports.ts'
import { RunFailure } from '../runs/stage.ts'
import { collections } from '../schemas/collections.ts'
import type { LivePointer } from '../schemas/published.ts'

const key = { id: 'live', partition: 'live' }

/** Which generation is live; undefined before the first was published. */
export async function readLivePointer(documents: Documents): Promise<LivePointer | undefined> {
  return (await documents.read(collections.livePointer, key))?.document
}

/** How old the live lists are; gives it in seconds. */
export function tellAge(
  { generated_at: generatedAt }: Pick<LivePointer, 'generated_at'>,
  { clock, telemetry }: Pick<Ports, 'clock' | 'telemetry'>,
): number {
  const seconds = Math.max(0, Math.round((clock() - Date.parse(generatedAt)) / 1000))
  telemetry.gauge('published_age_seconds', {}, seconds)
  return seconds
}

/**
 * Says on the pointer that a generation begins to write. A document holds two generations, and a third is written over
 * the older one: so there is nothing to go back to from here on, and no earlier generation is made live any more.
 * @throws RunFailure when a later generation has begun
 */
export async function announceWriting(generation: number, documents: Documents): Promise<void> {
  for (;;) {
    const stored = await documents.read(collections.livePointer, key)
    if (!stored) return
    const { previous: _, writing = 0, ...rest } = stored.document
    if (Math.max(writing, rest.generation) > generation) {
      throw new RunFailure(`Generation ${generation} is not published: a later one was begun`)
    }
    if (writing === generation || rest.generation === generation) return
    if (await documents.replace(collections.livePointer, { ...rest, writing: generation }, stored.etag)) return
  }
}

/**
 * Makes a generation live unless a later one is already, or is being written; tells whether it was made live, now or
 * before. One that was live and taken back is not made live again.
 */
export async function flipLivePointer(
  to: Pick<LivePointer, 'generation' | 'model_version' | 'generated_at' | 'data_until'>,
  documents: Documents,
): Promise<boolean> {
  for (;;) {
    const stored = await documents.read(collections.livePointer, key)
    if (!stored) {
      if (await documents.create(collections.livePointer, { id: 'live', ...to })) return true
      continue
    }
    const { generation, model_version, generated_at, data_until, writing = 0, rolled_back: back } = stored.document
    if (generation === to.generation || back?.generation === to.generation) return true
    if (Math.max(generation, writing) > to.generation) return false
    const previous = { generation, model_version, generated_at, data_until }
    const next: LivePointer = { id: 'live', ...to, previous }
    if (await documents.replace(collections.livePointer, next, stored.etag)) return true
  }
}
