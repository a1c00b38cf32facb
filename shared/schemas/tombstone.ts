import { z } from 'zod'

/**
 * Cosmos `privacy`, kind `tombstone`: somebody who was erased. The id is the pseudonym, so that it names nobody to whoever
 * has not the key. What happened before `lifted_at`, and without it anything at all, is refused wherever it comes from.
 */
export const Tombstone = z.object({
  id: z.string(),
  kind: z.literal('tombstone'),
  erasure: z.string(),
  erased_at: z.iso.datetime(),
  /** When the person came back under the same id. */
  lifted_at: z.iso.datetime().optional(),
})
export type Tombstone = z.infer<typeof Tombstone>
