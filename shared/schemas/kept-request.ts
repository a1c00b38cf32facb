import { z } from 'zod'

/** How long the answer to a request with an idempotency key is kept. */
export const keptRequestSeconds = 24 * 3600

/** A request with an idempotency key: at work, or done with its answer. Names no person: id and answer need the key to be read. */
export const KeptRequest = z.object({
  id: z.string(),
  /** Of path, query and body: the same key may not stand for another request. */
  digest: z.string(),
  claimed_at: z.iso.datetime(),
  /** Sealed; absent while the request is at work. */
  answer: z.string().optional(),
  ttl: z.int(),
})
export type KeptRequest = z.infer<typeof KeptRequest>

export const KeptAnswer = z.object({
  status: z.int(),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
})
export type KeptAnswer = z.infer<typeof KeptAnswer>
