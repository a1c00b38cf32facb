import type { Ports } from '../ports.ts'
import { collections } from '../schemas/collections.ts'
import { AppError } from '../schemas/errors.ts'
import type { LivePointer } from '../schemas/published.ts'

const key = { id: 'live', partition: 'live' }

/**
 * Makes the generation before the live one live again: one conditional write, which readers follow when they read the
 * pointer next. Repeated it changes nothing, as documents hold two generations and there is no third to go back to.
 * @param from model version to go back from; without it, whichever is live
 * @returns the pointer, and whether it was set back now
 * @throws AppError `not_live` when another than `from` is live, or `nothing_to_roll_back`
 */
export async function rollBack(
  { from }: { from?: string | undefined },
  { documents, clock }: Pick<Ports, 'documents' | 'clock'>,
): Promise<{ live: LivePointer; rolledBack: boolean }> {
  for (;;) {
    const stored = await documents.read(collections.livePointer, key)
    if (!stored)
      throw new AppError('nothing_to_roll_back', 'Nothing was published yet: start a refresh at /api/batch/trigger')
    const live = stored.document
    const before = live.rolled_back
    if (before && (from ?? before.model_version) === before.model_version) return { live, rolledBack: false }
    if (from !== undefined && from !== live.model_version) {
      throw new AppError('not_live', `Model ${from} is not live, but ${live.model_version}: see /api/models`)
    }
    const next = setBack(live, new Date(clock()).toISOString())
    if (await documents.replace(collections.livePointer, next, stored.etag)) return { live: next, rolledBack: true }
  }
}

function setBack(live: LivePointer, at: string): LivePointer {
  const { generation, model_version, previous } = live
  if (previous) return { id: 'live', ...previous, rolled_back: { generation, model_version, at } }
  throw new AppError('nothing_to_roll_back', `There is nothing to go back to from model ${model_version}: ${why(live)}`)
}

function why({ writing, rolled_back: back }: LivePointer): string {
  if (writing) return `generation ${writing} is being written over the one before`
  return back ? 'it was gone back to already, and no third generation is kept' : 'it is the first one published'
}
