import { z } from 'zod'
import { Erasure, ErasureCertificate, ErasureStatus } from './erasure.ts'
import { UserId } from './ids.ts'
import { limit, listCursor } from './requests.ts'

export const ErasureBody = z.strictObject({ user_id: UserId })
export const ErasurePath = z.object({
  id: z.string().regex(/^erasure-[0-9a-f]{32}$/, { error: 'must be the id of an erasure' }),
})
export const ErasuresQuery = z.object({
  limit: limit.default(20),
  cursor: listCursor,
  status: ErasureStatus.optional(),
})

/** An erasure as it is told: nobody is named. */
export const ErasureAnswer = Erasure.pick({
  pseudonym: true,
  status: true,
  requested_at: true,
  requested_by: true,
}).extend({
  erasure: z.string(),
  /** The job that does it, to be followed at /api/batch/status; null while it waits for others to end. */
  job: z.string().nullable(),
  completed_at: z.string().nullable(),
  certificate_sha256: z.string().nullable(),
})
export type ErasureAnswer = z.infer<typeof ErasureAnswer>
export const ErasureList = z.object({ items: z.array(ErasureAnswer), next_cursor: z.string().nullable() })
export const CertifiedErasure = ErasureAnswer.extend({ certificate: ErasureCertificate.nullable() })

export const LiftedTombstone = z.object({ user_id: z.string(), erased_at: z.string(), lifted_at: z.string() })

/** One store of an export: what it holds of the person, as it holds it. */
const ExportedStore = z.object({
  store: z.string(),
  about: z.string(),
  /** How much there is; `items` are the newest of it where that is more than an answer holds. */
  total: z.int().nonnegative(),
  items: z.array(z.record(z.string(), z.unknown())),
})
export type ExportedStore = z.infer<typeof ExportedStore>

/** All that is kept of one person. */
export const PersonExport = z.object({
  user_id: z.string(),
  exported_at: z.string(),
  /** The person's own id, and those of visitors' sessions that a login made the person's. */
  ids: z.array(z.string()),
  stores: z.array(ExportedStore),
  /** What is kept besides, and why it is not listed. */
  notes: z.array(z.string()),
})
export type PersonExport = z.infer<typeof PersonExport>
