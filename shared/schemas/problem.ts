import { z } from 'zod'
import { errorCodes } from './errors.ts'

/** An error as it is answered: application/problem+json, RFC 9457. */
export const Problem = z.looseObject({
  type: z.string().describe('A link to what the code means and what to do about it'),
  title: z.string(),
  status: z.int(),
  detail: z.string().describe('What happened, in a sentence'),
  code: z.enum([...codes(), 'internal']).describe('For programs: see /docs/errors'),
  errors: z
    .array(z.looseObject({ code: z.string(), field: z.string(), value: z.unknown(), reason: z.string() }))
    .describe('Every finding: which field of the request has which value, and why it cannot'),
})

function codes() {
  return Object.keys(errorCodes) as [keyof typeof errorCodes, ...(keyof typeof errorCodes)[]]
}
