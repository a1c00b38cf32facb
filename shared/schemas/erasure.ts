import { z } from 'zod'

const count = z.int().nonnegative()

/** What one store held of the person, and what became of it. */
export const ErasedStore = z.object({
  store: z.string(),
  about: z.string(),
  found: count,
  removed: count,
  /** What was still found when it was looked for again, after everything was erased: 0 in any certificate. */
  found_again: count,
  erased_at: z.iso.datetime(),
  verified_at: z.iso.datetime(),
  note: z.string().optional(),
  /** What cannot be taken out is gone by itself at this moment. */
  left_until: z.iso.datetime().optional(),
  /** The worker was interrupted: what it took away before that is not in the counts. */
  interrupted: z.literal(true).optional(),
})
export type ErasedStore = z.infer<typeof ErasedStore>

/**
 * What says that a person was erased, without naming it: blob `privacy/certificates/{erasure}.json`. `sha256` is of the JSON
 * text of all fields before it.
 */
export const ErasureCertificate = z.object({
  erasure: z.string(),
  pseudonym: z.string(),
  requested_at: z.iso.datetime(),
  requested_by: z.string(),
  completed_at: z.iso.datetime(),
  job: z.string(),
  /** Ids that were erased: the person's own, and of the sessions that a login made the person's. */
  ids: z.int().positive(),
  stores: z.array(ErasedStore),
  sha256: z.string(),
})
export type ErasureCertificate = z.infer<typeof ErasureCertificate>

export const ErasureStatus = z.enum(['waiting', 'running', 'completed'])
export type ErasureStatus = z.infer<typeof ErasureStatus>

/** Cosmos `privacy`, kind `erasure`: somebody asked for. What names the person is in it only until it is completed. */
export const Erasure = z.object({
  id: z.string(),
  kind: z.literal('erasure'),
  pseudonym: z.string(),
  status: ErasureStatus,
  requested_at: z.iso.datetime(),
  requested_by: z.string(),
  /** The raw id, and those of the person's sessions as far as they are known. */
  user_ids: z.array(z.string()).optional(),
  /** The run that is, or was last, at work on it, and since when. */
  run_id: z.string().optional(),
  tried_at: z.iso.datetime().optional(),
  completed_at: z.iso.datetime().optional(),
  certificate_sha256: z.string().optional(),
})
export type Erasure = z.infer<typeof Erasure>
