import { z } from 'zod'

const Who = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('anonymous') }),
  z.object({ kind: z.literal('service'), id: z.string(), name: z.string() }),
  z.object({ kind: z.literal('shopper'), pseudonym: z.string() }),
])

/**
 * A line of the audit log. Bodies and people are in it as HMACs by the app's own key: who has the key recognizes them, nobody reads
 * them, or tries them out.
 */
export const AuditRecord = z.object({
  at: z.iso.datetime(),
  /** What is about to be done, what came of it, or what was not let in. */
  type: z.enum(['intent', 'outcome', 'refused']),
  request_id: z.string(),
  endpoint: z.string(),
  method: z.string(),
  /** Parameters of the path. */
  path: z.record(z.string(), z.string()),
  caller: Who,
  address: z.string().nullable(),
  /** Of the body of what is about to be done. */
  body_digest: z.string().optional(),
  /** What was answered. */
  status: z.int().optional(),
  /** Refusals before this one that were too many to be recorded each. */
  not_recorded: z.int().optional(),
})
export type AuditRecord = z.infer<typeof AuditRecord>

const moment = (fallback: string) =>
  z.iso
    .datetime({ offset: true, error: `must be a time like 2026-11-22T00:00:00Z; without it, ${fallback}` })
    .optional()
const limitRule = 'must be a whole number from 1 to 500'

export const AuditQuery = z.object({
  from: moment('from the first record on'),
  to: moment('up to now'),
  limit: z
    .string()
    .regex(/^\d{1,3}$/, { error: limitRule })
    .transform(Number)
    .pipe(z.int().min(1, { error: limitRule }).max(500, { error: limitRule }))
    .default(50),
  cursor: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}\.\d{1,9}$/, { error: 'must be the next_cursor of an earlier answer' })
    .optional(),
})

export const AuditList = z.object({ items: z.array(AuditRecord), next_cursor: z.string().nullable() })
